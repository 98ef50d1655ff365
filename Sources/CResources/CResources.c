#include "CResources.h"

// The build notices when one of these files changes; a test checks that every file of the folders is listed.

static const unsigned char mappings_kubernetes_audit[] = {
#embed "../../mappings/kubernetes-audit.yml"
};

static const unsigned char operations_kubernetes_secrets[] = {
#embed "../../operations/kubernetes-secrets.yml"
};

static const unsigned char operations_kubernetes[] = {
#embed "../../operations/kubernetes.yml"
};

static const unsigned char attack_enterprise[] = {
#embed "../../attack/enterprise.tsv"
};

static const cresource resources[] = {
    {"attack", "enterprise.tsv", attack_enterprise, sizeof attack_enterprise},
    {"mappings", "kubernetes-audit.yml", mappings_kubernetes_audit, sizeof mappings_kubernetes_audit},
    {"operations", "kubernetes.yml", operations_kubernetes, sizeof operations_kubernetes},
    {"operations", "kubernetes-secrets.yml", operations_kubernetes_secrets, sizeof operations_kubernetes_secrets},
};

size_t cresources_count(void) { return sizeof resources / sizeof *resources; }

cresource cresources_at(size_t index) {
  if (index < cresources_count()) return resources[index];
  return (cresource){0};
}
