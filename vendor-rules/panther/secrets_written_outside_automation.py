def rule(event):
    return (
        event.deep_get("verb") in ("create", "update", "patch", "delete")
        and event.deep_get("objectRef", "resource") == "secrets"
        and event.deep_get("objectRef", "apiGroup", default="") == ""
        and event.deep_get("stage") == "ResponseComplete"
        and event.deep_get("user", "username") not in ("system:apiserver", "system:kube-controller-manager")
        and not event.deep_get("user", "username", default="").startswith("system:serviceaccount:kube-system:")
        and not event.deep_get("user", "username", default="").startswith("system:serviceaccount:cert-manager:")
        and not event.deep_get("user", "username", default="").startswith("system:serviceaccount:external-secrets:")
        and not event.deep_get("user", "username", default="").startswith("system:serviceaccount:flux-system:")
        and not event.deep_get("user", "username", default="").startswith("system:serviceaccount:argocd:")
    )
