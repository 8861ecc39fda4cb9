/** Leads a volunteer through the script: asks, counts down, takes the pictures, sends them. */
import { TEXTS } from './texts.js';

const token = location.hash.slice(1);
const SECTIONS = ['consent', 'cameras', 'script', 'end', 'deleted'];
const IDEAL = { width: { ideal: 1280 }, height: { ideal: 720 } };
const QUALITY = 0.9;

let language = navigator.language.startsWith('zh') ? 'zh' : 'en';
let state = null;
let section = 'consent';
let current = 0;
let phase = 'waiting';
/** The step that runs: aborted by the person, or by another step. */
let running = null;
const streams = { first: null, second: null };

const find = (id) => document.getElementById(id);
const t = (key, values = {}) =>
  TEXTS[language][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name]));

async function call(method, path, body, kind = 'application/json') {
  const response = await fetch(path, {
    method,
    body,
    headers: { 'X-Collect-Token': token, ...(body ? { 'Content-Type': kind } : {}) },
  });
  const answer = await response.json();
  if (!response.ok) throw Object.assign(new Error(answer.code), { code: answer.code });
  return answer;
}
const post = (path, fields) => call('POST', path, JSON.stringify(fields));

function show(problem, values = {}) {
  find('problem').hidden = problem === null;
  find('problem').textContent = problem === null ? '' : t(problem, values);
}

function showFailure(error) {
  if (error.code === 'not_agreed') show('problem_not_agreed');
  else show('problem_server', { reason: error.code ?? error.message });
}

/** Show everything anew, in the chosen language. */
function render() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  document.title = t('title');
  for (const element of document.querySelectorAll('[data-text]'))
    element.textContent = t(element.dataset.text);
  find('language').textContent = t('other_language');
  find('language').lang = language === 'zh' ? 'en' : 'zh-CN';
  if (!state) return;
  find('volunteer').textContent = t('number', { number: state.volunteer });
  // The form has lines of a fixed length; the page breaks them itself.
  find('consent-text').textContent = state.consent[language].replace(
    /\n {3}/g,
    language === 'zh' ? '' : ' ',
  );
  const seconds = state.steps.reduce((sum, step) => sum + secondsOf(step), 0);
  find('places').textContent = t('places', { minutes: Math.ceil(seconds / 60) });
  for (const name of SECTIONS) find(name).hidden = name !== section;
  find('list').hidden = !['script', 'end'].includes(section);
  find('previews').hidden = ['consent', 'deleted'].includes(section);
  renderStep();
  renderList();
}

const secondsOf = (step) => step.prepare + state.pictures * state.interval;

function renderStep() {
  const step = state.steps[current];
  find('position').textContent = t('position', { number: current + 1, of: state.steps.length });
  find('instruction').textContent = step[language];
  const note = step.another_person && !state.second_agreed ? ` ${t('another_person')}` : '';
  find('phase').textContent =
    phase === 'waiting'
      ? t('waiting', { seconds: step.prepare, pictures: state.pictures }) + note
      : t(phase);
  find('start').hidden = find('skip').hidden = running !== null;
  find('stop').hidden = running === null;
  const isDone = step.status === 'done';
  find('start').textContent = t(isDone ? 'repeat_step' : 'start');
  find('skip').textContent = t(isDone ? 'next' : 'skip');
  const count = (status) => state.steps.filter((other) => other.status === status).length;
  find('summary').textContent = t('summary', { done: count('done'), skipped: count('skipped') });
}

function renderList() {
  find('steps').replaceChildren(
    ...state.steps.map((step, index) => {
      const item = document.createElement('li');
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = step[language];
      button.dataset.testid = `step-${step.name}`;
      button.setAttribute('aria-label', t('repeat', { number: index + 1, text: step[language] }));
      if (index === current && section === 'script') button.setAttribute('aria-current', 'step');
      button.addEventListener('click', () => goTo(index));
      const status = document.createElement('span');
      status.className = step.status;
      status.textContent = t(step.status);
      item.append(button, status);
      return item;
    }),
  );
}

function goTo(index) {
  running?.abort();
  current = index;
  section = 'script';
  phase = 'waiting';
  show(null);
  render();
  find('instruction').focus();
}

/** Go to the next open step after this one, else to any open one; with none left, to the end. */
function goOn() {
  const isOpen = (step) => step.status === 'open' && (state.second_agreed || !step.another_person);
  const after = state.steps.findIndex((step, index) => index > current && isOpen(step));
  const next = after >= 0 ? after : state.steps.findIndex(isOpen);
  if (next >= 0) {
    goTo(next);
    return;
  }
  section = 'end';
  render();
  find('end-title').focus();
}

/** Wait, unless the step is stopped meanwhile. */
function wait(ms, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

let sound = null;
/** Beep: whoever looks away or down does not see the screen. */
function beep(times) {
  sound ??= new AudioContext();
  for (let number = 0; number < times; number += 1) {
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    volume.gain.value = 0.2;
    tone.frequency.value = 880;
    tone.connect(volume).connect(sound.destination);
    tone.start(sound.currentTime + number * 0.3);
    tone.stop(sound.currentTime + number * 0.3 + 0.15);
  }
}

async function picture(video) {
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d').drawImage(video, 0, 0);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
  if (!blob) throw new Error('no picture');
  return blob;
}

async function takeStep(step, signal) {
  const path = `/api/steps/${step.name}`;
  state = await post(path, { status: 'open' });
  phase = 'prepare';
  renderStep();
  for (let left = step.prepare; left > 0; left -= 1) {
    find('countdown').textContent = left;
    await wait(1000, signal);
  }
  find('countdown').textContent = '';
  phase = 'taking';
  renderStep();
  beep(1);
  for (let number = 0; number < state.pictures; number += 1) {
    await wait(state.interval * 1000, signal);
    for (const view of ['first', 'second']) {
      if (!streams[view]) continue;
      const taken = await picture(find(`${view}-video`));
      signal.throwIfAborted();
      await call('PUT', `${path}/${view}/${number}`, taken, 'image/jpeg');
    }
  }
  signal.throwIfAborted();
  state = await post(path, { status: 'done' });
  beep(2);
}

async function start() {
  const step = state.steps[current];
  const mine = (running = new AbortController());
  show(null);
  try {
    await takeStep(step, mine.signal);
    phase = 'taken';
  } catch (error) {
    if (!mine.signal.aborted) showFailure(error);
    if (running === mine) phase = mine.signal.aborted ? 'stopped' : 'waiting';
    await post(`/api/steps/${step.name}`, { status: 'open' }).catch(() => undefined);
  } finally {
    find('countdown').textContent = '';
    if (running === mine) running = null;
  }
  render();
  if (phase !== 'taken') return;
  if (find('go-on').checked) goOn();
  if (section === 'script' && phase === 'waiting' && find('go-on').checked) await start();
}

/** Skip this step; one that is done keeps its pictures. */
async function skip() {
  if (state.steps[current].status === 'done') {
    goOn();
    return;
  }
  try {
    state = await post(`/api/steps/${state.steps[current].name}`, { status: 'skipped' });
    goOn();
  } catch (error) {
    showFailure(error);
  }
}

async function agree(event) {
  event.preventDefault();
  const fields = {
    agreed: find('agreed').checked,
    name: find('name').value,
    second_name: find('second-name').value,
  };
  try {
    state = await post('/api/consent', fields);
    show(null);
    await openCameras();
  } catch (error) {
    if (error.code === 'name_and_agreement') show('problem_agree');
    else showFailure(error);
  }
}

async function openCamera(view, deviceId) {
  streams[view]?.getTracks().forEach((track) => track.stop());
  streams[view] = null;
  find('second-figure').hidden = streams.second === null;
  if (deviceId === null) return;
  const video = { ...IDEAL, ...(deviceId ? { deviceId: { exact: deviceId } } : {}) };
  streams[view] = await navigator.mediaDevices.getUserMedia({ video });
  find('second-figure').hidden = streams.second === null;
  const element = find(`${view}-video`);
  element.srcObject = streams[view];
  await element.play();
  find('begin').disabled = false;
}

async function openCameras() {
  section = 'cameras';
  render();
  try {
    await openCamera('first', '');
    const devices = await navigator.mediaDevices.enumerateDevices();
    listCameras(devices.filter((device) => device.kind === 'videoinput'));
  } catch (error) {
    show('problem_camera', { reason: error.name });
  }
}

function listCameras(cameras) {
  const options = () =>
    cameras.map(
      (camera, index) =>
        new Option(camera.label || t('camera', { number: index + 1 }), camera.deviceId),
    );
  find('first-camera').replaceChildren(...options());
  find('second-camera').replaceChildren(new Option(t('no_camera'), ''), ...options());
  const used = streams.first.getVideoTracks()[0].getSettings().deviceId;
  if (used) find('first-camera').value = used;
}

/** Use the chosen camera for a view; a camera that fails is told, and the other one stays. */
async function choose(view) {
  const deviceId = find(`${view}-camera`).value;
  try {
    await openCamera(view, view === 'second' && !deviceId ? null : deviceId);
    show(null);
  } catch (error) {
    show('problem_camera', { reason: error.name });
  }
}

async function withdraw() {
  running?.abort();
  find('confirm').close();
  try {
    await call('DELETE', '/api/volunteer');
    for (const view of ['first', 'second']) await openCamera(view, null);
    section = 'deleted';
    show(null);
    render();
    find('deleted-title').focus();
  } catch (error) {
    showFailure(error);
  }
}

find('language').addEventListener('click', () => {
  language = language === 'zh' ? 'en' : 'zh';
  render();
});
find('consent-form').addEventListener('submit', agree);
find('first-camera').addEventListener('change', () => choose('first'));
find('second-camera').addEventListener('change', () => choose('second'));
find('begin').addEventListener('click', () => {
  current = -1;
  goOn();
});
find('start').addEventListener('click', start);
find('skip').addEventListener('click', skip);
find('stop').addEventListener('click', () => running?.abort());
find('withdraw').addEventListener('click', () => find('confirm').showModal());
find('confirm-yes').addEventListener('click', withdraw);
find('confirm-no').addEventListener('click', () => find('confirm').close());

render();
try {
  state = await call('GET', '/api/state');
  if (state.agreed) await openCameras();
  else render();
} catch (error) {
  showFailure(error);
}
