"""Checks that docs/json.schema.json says neither more nor less than there is.

    schema.py SCHEMA DOCUMENTATION REPORT...

The schema as users have it forbids no name, since a later version may have more. Here it does: a name in a REPORT that the schema does
not have is a mistake, and so is one in the schema that no REPORT has, or that DOCUMENTATION does not mention.
"""
import json
import re
import sys

import jsonschema

schema_file, documentation, *reports = sys.argv[1:]
schema = json.load(open(schema_file))
complaints = []
seen = set()


def nodes(node):
    """All schemas in the schema."""
    yield node
    for name in ("properties", "$defs"):
        for inner in node.get(name, {}).values():
            yield from nodes(inner)
    if "items" in node:
        yield from nodes(node["items"])


def walk(node, value):
    """Notes which properties VALUE has."""
    if "$ref" in node:
        return walk(schema["$defs"][node["$ref"].rpartition("/")[2]], value)
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in node.get("properties", {}):
                seen.add((id(node), name))
                walk(node["properties"][name], inner)
    for element in value if isinstance(value, list) else ():
        walk(node["items"], element)


Validator = jsonschema.validators.validator_for(schema)
Validator.check_schema(schema)
for node in nodes(schema):
    if "properties" in node:
        node["additionalProperties"] = False
for name in reports:
    report = json.load(open(name))
    for error in Validator(schema).iter_errors(report):
        complaints.append(f"{name}: {list(error.absolute_path)}: {error.message}")
    walk(schema, report)
page = open(documentation).read()
code = re.findall(r"^```\n(.*?)^```|`([^`\n]+)`", page, re.MULTILINE | re.DOTALL)
documented = set(re.findall(r"\w+", " ".join(block + word for block, word in code)))
for node in nodes(schema):
    for name in node.get("properties", {}):
        if (id(node), name) not in seen:
            complaints.append(f"no report has '{name}', which the schema describes beside {', '.join(node['properties'])}")
        if name not in documented:
            complaints.append(f"{documentation} does not mention '{name}'")
sys.exit("\n".join(complaints) or 0)
