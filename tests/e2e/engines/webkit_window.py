#!/usr/bin/python3
"""A browser window of WebKitGTK that WebKitWebDriver starts: false camera and microphone, no questions.

Run by the system's Python, which has GTK. Usage: webkit_window.py [PROXY]
"""

import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # noqa: E402

SIZE = (1440, 900)
SETTINGS = {
    "enable-media-stream": True,
    "enable-mock-capture-devices": True,
    "enable-webrtc": True,
    "enable-write-console-messages-to-stdout": True,
    "media-playback-requires-user-gesture": False,
    # Without a graphics card, drawing by its interface costs more than drawing without.
    "hardware-acceleration-policy": WebKit2.HardwareAccelerationPolicy.NEVER,
}


class WindowFactory:
    """Opens a window for each page that the driver asks for."""

    def __init__(self, proxy: str | None = None) -> None:
        self.context = WebKit2.WebContext.new_ephemeral()
        self.context.set_automation_allowed(True)
        self.context.set_preferred_languages(["zh-CN", "zh"])
        self.context.connect("automation-started", self._on_session)
        if proxy:
            self.context.get_website_data_manager().set_network_proxy_settings(
                WebKit2.NetworkProxyMode.CUSTOM, WebKit2.NetworkProxySettings.new(proxy, None)
            )

    def _on_session(self, _: WebKit2.WebContext, session: WebKit2.AutomationSession) -> None:
        application = WebKit2.ApplicationInfo()
        application.set_name("WebKitGTK")
        application.set_version(WebKit2.get_major_version(), WebKit2.get_minor_version(), 0)
        session.set_application_info(application)
        session.connect("create-web-view", lambda _: self._open_window())

    def _open_window(self) -> WebKit2.WebView:
        settings = WebKit2.Settings()
        for name, value in SETTINGS.items():
            settings.set_property(name, value)
        view = WebKit2.WebView(
            web_context=self.context,
            settings=settings,
            is_controlled_by_automation=True,
        )
        view.connect("permission-request", lambda _, request: request.allow() or True)
        view.connect("script-dialog", _answer)
        window = Gtk.Window()
        window.set_default_size(*SIZE)
        window.add(view)
        view.connect("close", lambda _: window.destroy())
        window.show_all()
        return view


def _answer(_: WebKit2.WebView, dialog: WebKit2.ScriptDialog) -> bool:
    """Leave an open paper, which asks first, where a page is loaded again."""
    if dialog.get_dialog_type() is not WebKit2.ScriptDialogType.BEFORE_UNLOAD_CONFIRM:
        return False
    dialog.confirm_set_confirmed(True)  # noqa: FBT003  (a C function)
    return True


if __name__ == "__main__":
    factory = WindowFactory(*sys.argv[1:])
    Gtk.main()
