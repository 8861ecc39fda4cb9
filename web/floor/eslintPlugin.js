/**
 * Web APIs that the oldest supported browsers lack, found by the type of what is used: also members
 * of instances (`signal.throwIfAborted()`), which no linter by name alone can tell.
 * Methods of the language itself are held by `lib` in tsconfig.json.
 */
import { ESLintUtils } from '@typescript-eslint/utils';
import { isKnown, missingIn } from './support.js';

/** The file of TypeScript that declares the browser. */
const DOM_LIBRARY = /lib\.dom\.(iterable\.)?d\.ts$/;
/** Interfaces that MDN documents under the interface that mixes them in. */
const MIXINS = {
  WindowOrWorkerGlobalScope: 'Window',
  GlobalEventHandlers: 'Element',
  NavigatorStorage: 'Navigator',
  NavigatorID: 'Navigator',
  NavigatorLocks: 'Navigator',
  NavigatorOnLine: 'Navigator',
  DocumentOrShadowRoot: 'Document',
  ParentNode: 'Element',
  ChildNode: 'Element',
  NonDocumentTypeChildNode: 'Element',
  ElementCSSInlineStyle: 'HTMLElement',
  HTMLOrSVGElement: 'HTMLElement',
};

const newApi = {
  meta: {
    type: 'problem',
    docs: { description: 'Web APIs above the supported browsers' },
    messages: {
      tooNew:
        '{{name}} is missing in {{browsers}}. Do without it, or ask first whether it is there.',
    },
    schema: [{ type: 'array', items: { type: 'string' } }],
  },
  defaultOptions: [[]],
  create(context) {
    const services = ESLintUtils.getParserServices(context);
    /** APIs that are used where they are there, and said to be missing where not. */
    const optional = new Set(context.options[0] ?? []);

    function check(node, symbol = services.getSymbolAtLocation(node)) {
      for (const declaration of symbol?.declarations ?? []) {
        const path = apiPath(declaration);
        if (!path) continue;
        const name = path.join('.');
        const browsers = optional.has(name) ? [] : missingIn(['api', ...path]);
        if (browsers.length > 0)
          context.report({
            node,
            messageId: 'tooNew',
            data: { name, browsers: browsers.join(', ') },
          });
        return;
      }
    }

    /** Where MDN's tables list what a declaration of the browser's declares. */
    function apiPath(declaration) {
      if (!DOM_LIBRARY.test(declaration.getSourceFile().fileName)) return null;
      const name = declaration.name?.getText();
      if (!name) return null;
      const paths = pathsOf(declaration.parent, name);
      return paths.find((path) => isKnown(['api', ...path])) ?? null;
    }

    /** A member of an interface, its event, a static member, or a global and its constructor. */
    function pathsOf(parent, name) {
      if (!parent.members) return [[name, name], [name]];
      if (!parent.name) return [[parent.parent.name?.getText(), `${name}_static`]];
      const owner = parent.name.getText();
      const interfaceName = MIXINS[owner] ?? owner;
      return [
        [interfaceName, name],
        [interfaceName, `${name.replace(/^on/, '')}_event`],
      ];
    }

    return {
      'MemberExpression > Identifier.property': (node) => {
        if (!node.parent.computed) check(node);
      },
      'NewExpression > Identifier.callee': (node) => check(node),
      'CallExpression > Identifier.callee': (node) => check(node),
      'MemberExpression > Identifier.object': (node) => check(node),
      'ObjectPattern > Property > Identifier.key': (node) =>
        check(node, services.getTypeAtLocation(node.parent.parent).getProperty(node.name)),
    };
  },
};

export default { rules: { 'new-api': newApi } };
