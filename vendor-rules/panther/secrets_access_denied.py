def rule(event):
    return (
        event.deep_get("objectRef", "resource") == "secrets"
        and event.deep_get("objectRef", "apiGroup", default="") == ""
        and event.deep_get("stage") == "ResponseComplete"
        and (
            event.deep_get("responseStatus", "code") == 403
            or event.deep_get("annotations", "authorization.k8s.io/decision") == "forbid"
        )
    )
