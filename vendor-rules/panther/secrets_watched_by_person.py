def rule(event):
    return (
        event.deep_get("verb") == "watch"
        and event.deep_get("objectRef", "resource") == "secrets"
        and event.deep_get("objectRef", "apiGroup", default="") == ""
        and event.deep_get("stage") == "ResponseStarted"
        and not event.deep_get("user", "username", default="").startswith("system:")
    )
