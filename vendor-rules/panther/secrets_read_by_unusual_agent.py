def rule(event):
    return (
        event.deep_get("verb") in ("get", "list", "watch")
        and event.deep_get("objectRef", "resource") == "secrets"
        and event.deep_get("objectRef", "apiGroup", default="") == ""
        and event.deep_get("stage") == "ResponseComplete"
        and (
            event.deep_get("userAgent", default="").lower().startswith("curl/")
            or event.deep_get("userAgent", default="").lower().startswith("wget/")
            or event.deep_get("userAgent", default="").lower().startswith("python-requests/")
            or event.deep_get("userAgent", default="").lower().startswith("python-urllib/")
            or event.deep_get("userAgent", default="").lower().startswith("python-httpx/")
            or event.deep_get("userAgent", default="").lower().startswith("go-http-client/")
            or event.deep_get("userAgent", default="").lower().startswith("postmanruntime/")
            or event.deep_get("userAgent", default="").lower().startswith("libwww-perl/")
            or "powershell/" in event.deep_get("userAgent", default="").lower()
        )
    )
