"""The bench: how fast Verso answers, beside a bare Flask route and a bare WSGI callable under the same server."""
