def rule(event):
    return (
        event.deep_get("verb") == "get"
        and event.deep_get("objectRef", "resource") == "secrets"
        and event.deep_get("objectRef", "apiGroup", default="") == ""
        and event.deep_get("stage") == "ResponseComplete"
        and event.deep_get("user", "username") not in ("system:apiserver", "system:kube-controller-manager")
        and not event.deep_get("user", "username", default="").startswith("system:node:")
        and not event.deep_get("user", "username", default="").startswith("system:serviceaccount:kube-system:")
        and event.deep_get("user", "username") is not None
    )


def dedup(event):
    return event.deep_get("user", "username")
