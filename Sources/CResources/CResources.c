#include "CResources.h"

// The build notices when one of these files changes; a test checks that every file of the folders is listed.

static const unsigned char mappings_aws_cloudtrail[] = {
#embed "../../mappings/aws-cloudtrail.yml"
};

static const unsigned char mappings_cim_authentication[] = {
#embed "../../mappings/cim-authentication.yml"
};

static const unsigned char mappings_cim_change[] = {
#embed "../../mappings/cim-change.yml"
};

static const unsigned char mappings_cim_dns[] = {
#embed "../../mappings/cim-dns.yml"
};

static const unsigned char mappings_cim_filesystem[] = {
#embed "../../mappings/cim-filesystem.yml"
};

static const unsigned char mappings_cim_network_traffic[] = {
#embed "../../mappings/cim-network-traffic.yml"
};

static const unsigned char mappings_cim_processes[] = {
#embed "../../mappings/cim-processes.yml"
};

static const unsigned char mappings_cim_registry[] = {
#embed "../../mappings/cim-registry.yml"
};

static const unsigned char mappings_cim_web[] = {
#embed "../../mappings/cim-web.yml"
};

static const unsigned char mappings_kubernetes_audit[] = {
#embed "../../mappings/kubernetes-audit.yml"
};

static const unsigned char mappings_linux_auditd[] = {
#embed "../../mappings/linux-auditd.yml"
};

static const unsigned char mappings_web_proxy[] = {
#embed "../../mappings/web-proxy.yml"
};

static const unsigned char mappings_windows_file[] = {
#embed "../../mappings/windows-file.yml"
};

static const unsigned char mappings_windows_image_load[] = {
#embed "../../mappings/windows-image-load.yml"
};

static const unsigned char mappings_windows_network[] = {
#embed "../../mappings/windows-network.yml"
};

static const unsigned char mappings_windows_process_creation[] = {
#embed "../../mappings/windows-process-creation.yml"
};

static const unsigned char mappings_windows_registry[] = {
#embed "../../mappings/windows-registry.yml"
};

static const unsigned char mappings_windows_registry_set[] = {
#embed "../../mappings/windows-registry-set.yml"
};

static const unsigned char mappings_windows_security[] = {
#embed "../../mappings/windows-security.yml"
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

static const unsigned char templates_backlog_mustache[] = {
#embed "../../templates/backlog.mustache"
};

static const unsigned char templates_cells_mustache[] = {
#embed "../../templates/cells.mustache"
};

static const unsigned char templates_field_mustache[] = {
#embed "../../templates/field.mustache"
};

static const unsigned char templates_fields_mustache[] = {
#embed "../../templates/fields.mustache"
};

static const unsigned char templates_filters_mustache[] = {
#embed "../../templates/filters.mustache"
};

static const unsigned char templates_index_mustache[] = {
#embed "../../templates/index.mustache"
};

static const unsigned char templates_indicators_mustache[] = {
#embed "../../templates/indicators.mustache"
};

static const unsigned char templates_layout_mustache[] = {
#embed "../../templates/layout.mustache"
};

static const unsigned char templates_legend_mustache[] = {
#embed "../../templates/legend.mustache"
};

static const unsigned char templates_level_mustache[] = {
#embed "../../templates/level.mustache"
};

static const unsigned char templates_matrix_mustache[] = {
#embed "../../templates/matrix.mustache"
};

static const unsigned char templates_operation_mustache[] = {
#embed "../../templates/operation.mustache"
};

static const unsigned char templates_resource_mustache[] = {
#embed "../../templates/resource.mustache"
};

static const unsigned char templates_rule_mustache[] = {
#embed "../../templates/rule.mustache"
};

static const unsigned char templates_rulecells_mustache[] = {
#embed "../../templates/rulecells.mustache"
};

static const unsigned char templates_rules_mustache[] = {
#embed "../../templates/rules.mustache"
};

static const unsigned char templates_script_js[] = {
#embed "../../templates/script.js"
};

static const unsigned char templates_style_css[] = {
#embed "../../templates/style.css"
};

static const unsigned char templates_technique_mustache[] = {
#embed "../../templates/technique.mustache"
};

static const unsigned char templates_techniques_mustache[] = {
#embed "../../templates/techniques.mustache"
};

static const cresource resources[] = {
    {"attack", "enterprise.tsv", attack_enterprise, sizeof attack_enterprise},
    {"mappings", "aws-cloudtrail.yml", mappings_aws_cloudtrail, sizeof mappings_aws_cloudtrail},
    {"mappings", "cim-authentication.yml", mappings_cim_authentication, sizeof mappings_cim_authentication},
    {"mappings", "cim-change.yml", mappings_cim_change, sizeof mappings_cim_change},
    {"mappings", "cim-dns.yml", mappings_cim_dns, sizeof mappings_cim_dns},
    {"mappings", "cim-filesystem.yml", mappings_cim_filesystem, sizeof mappings_cim_filesystem},
    {"mappings", "cim-network-traffic.yml", mappings_cim_network_traffic, sizeof mappings_cim_network_traffic},
    {"mappings", "cim-processes.yml", mappings_cim_processes, sizeof mappings_cim_processes},
    {"mappings", "cim-registry.yml", mappings_cim_registry, sizeof mappings_cim_registry},
    {"mappings", "cim-web.yml", mappings_cim_web, sizeof mappings_cim_web},
    {"mappings", "kubernetes-audit.yml", mappings_kubernetes_audit, sizeof mappings_kubernetes_audit},
    {"operations", "kubernetes.yml", operations_kubernetes, sizeof operations_kubernetes},
    {"mappings", "linux-auditd.yml", mappings_linux_auditd, sizeof mappings_linux_auditd},
    {"mappings", "web-proxy.yml", mappings_web_proxy, sizeof mappings_web_proxy},
    {"mappings", "windows-file.yml", mappings_windows_file, sizeof mappings_windows_file},
    {"mappings", "windows-image-load.yml", mappings_windows_image_load, sizeof mappings_windows_image_load},
    {"mappings", "windows-network.yml", mappings_windows_network, sizeof mappings_windows_network},
    {"mappings", "windows-process-creation.yml", mappings_windows_process_creation, sizeof mappings_windows_process_creation},
    {"mappings", "windows-registry.yml", mappings_windows_registry, sizeof mappings_windows_registry},
    {"mappings", "windows-registry-set.yml", mappings_windows_registry_set, sizeof mappings_windows_registry_set},
    {"mappings", "windows-security.yml", mappings_windows_security, sizeof mappings_windows_security},
    {"operations", "kubernetes-secrets.yml", operations_kubernetes_secrets, sizeof operations_kubernetes_secrets},
    {"templates", "backlog.mustache", templates_backlog_mustache, sizeof templates_backlog_mustache},
    {"templates", "cells.mustache", templates_cells_mustache, sizeof templates_cells_mustache},
    {"templates", "field.mustache", templates_field_mustache, sizeof templates_field_mustache},
    {"templates", "fields.mustache", templates_fields_mustache, sizeof templates_fields_mustache},
    {"templates", "filters.mustache", templates_filters_mustache, sizeof templates_filters_mustache},
    {"templates", "index.mustache", templates_index_mustache, sizeof templates_index_mustache},
    {"templates", "indicators.mustache", templates_indicators_mustache, sizeof templates_indicators_mustache},
    {"templates", "layout.mustache", templates_layout_mustache, sizeof templates_layout_mustache},
    {"templates", "legend.mustache", templates_legend_mustache, sizeof templates_legend_mustache},
    {"templates", "level.mustache", templates_level_mustache, sizeof templates_level_mustache},
    {"templates", "matrix.mustache", templates_matrix_mustache, sizeof templates_matrix_mustache},
    {"templates", "operation.mustache", templates_operation_mustache, sizeof templates_operation_mustache},
    {"templates", "resource.mustache", templates_resource_mustache, sizeof templates_resource_mustache},
    {"templates", "rule.mustache", templates_rule_mustache, sizeof templates_rule_mustache},
    {"templates", "rulecells.mustache", templates_rulecells_mustache, sizeof templates_rulecells_mustache},
    {"templates", "rules.mustache", templates_rules_mustache, sizeof templates_rules_mustache},
    {"templates", "script.js", templates_script_js, sizeof templates_script_js},
    {"templates", "style.css", templates_style_css, sizeof templates_style_css},
    {"templates", "technique.mustache", templates_technique_mustache, sizeof templates_technique_mustache},
    {"templates", "techniques.mustache", templates_techniques_mustache, sizeof templates_techniques_mustache},
};

size_t cresources_count(void) { return sizeof resources / sizeof *resources; }

cresource cresources_at(size_t index) {
  if (index < cresources_count()) return resources[index];
  return (cresource){0};
}
