#!/usr/bin/python3
"""A window with WebKitGTK for WebKitWebDriver to drive, with a profile that stays.

MiniBrowser, WebKit's own, forgets everything at its end, and has no storage of files. The profile folder is the argument.
"""
import signal
import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import GLib, Gtk, WebKit2

# Off by default in WebKitGTK, on in Safari.
FEATURES = {"StorageAPI", "StorageAPIEstimate", "FileSystem", "FileSystemWritableStream", "AccessHandle"}


def settings():
    made = WebKit2.Settings()
    features = WebKit2.Settings.get_all_features()
    for index in range(features.get_length()):
        feature = features.get(index)
        if feature.get_identifier() in FEATURES:
            made.set_feature_enabled(feature, True)
    return made


def open_view(context):
    view = WebKit2.WebView(web_context=context, is_controlled_by_automation=True, settings=settings())
    window = Gtk.Window()
    window.set_default_size(1280, 800)
    window.add(view)
    window.show_all()
    view.connect("close", lambda *_: window.destroy())
    return view


def on_automation(context, session):
    info = WebKit2.ApplicationInfo()
    info.set_name("webkit-host")
    info.set_version(
        WebKit2.get_major_version(), WebKit2.get_minor_version(), WebKit2.get_micro_version()
    )
    session.set_application_info(info)
    session.connect("create-web-view", lambda *_: open_view(context))


profile = sys.argv[1]
context = WebKit2.WebContext(
    website_data_manager=WebKit2.WebsiteDataManager(
        base_data_directory=profile + "/data", base_cache_directory=profile + "/cache"
    )
)
context.set_automation_allowed(True)
context.connect("automation-started", on_automation)
GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, signal.SIGTERM, Gtk.main_quit)
Gtk.main()
