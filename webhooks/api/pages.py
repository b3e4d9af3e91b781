"""The page that shows the API, served wholly from here: no other host is asked for anything."""

from importlib.resources import files

from flask import Blueprint, Response

pages = Blueprint("api-pages", __name__, url_prefix="/api/docs")
ASSETS = {
    "swagger-ui.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "favicon-32x32.png": "image/png",
}
# Swagger UI sets styles of its own elements and draws its icons from data addresses.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Charterline API</title>
<link rel="icon" href="/api/docs/favicon-32x32.png">
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
</head>
<body>
<div id="api"></div>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
"""
START = 'SwaggerUIBundle({ url: "/api/openapi.json", dom_id: "#api", deepLinking: true, validatorUrl: null });\n'


@pages.get("")
def page() -> Response:
    """The page itself."""
    return _shown(PAGE.encode(), "text/html; charset=utf-8")


@pages.get("/start.js")
def start() -> Response:
    """What starts Swagger UI on it."""
    return _shown(START.encode(), "text/javascript; charset=utf-8")


@pages.get("/<name>")
def asset(name: str) -> Response:
    """One of the three files of Swagger UI that the page needs."""
    if name not in ASSETS:
        return Response(status=404)
    shown = _shown((files("flask_swagger_ui") / "dist" / name).read_bytes(), ASSETS[name])
    shown.headers["Cache-Control"] = "public, max-age=86400"
    return shown


def _shown(body: bytes, content_type: str) -> Response:
    headers = {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
    return Response(body, headers=headers, content_type=content_type)
