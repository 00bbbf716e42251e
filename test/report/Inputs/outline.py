"""Prints the results of a SARIF file as people would note them down.

    outline.py FILE
"""
import json
import sys
import urllib.parse


def place(location):
    physical = location["physicalLocation"]
    region = physical["region"]
    file = urllib.parse.unquote(physical["artifactLocation"]["uri"])
    functions = " ".join(where["fullyQualifiedName"] for where in location.get("logicalLocations", []))
    return f"{file}:{region['startLine']}:{region['startColumn']}-{region['endColumn']} {functions}".rstrip()


def show(result):
    states = [result[name] for name in ("baselineState",) if name in result]
    states += [f"{s['kind']} {s['status']}: {s.get('justification', '-')}" for s in result.get("suppressions", [])]
    print(f"{result['ruleId']} {result.get('level', '-')} rank {result.get('rank', '-')} {', '.join(states)}".rstrip())
    for location in result.get("locations", []):
        print(f"  at {place(location)}")
    print(f"  {result['message']['text']}")
    for related in result.get("relatedLocations", []):
        print(f"  ({related['id']}) {place(related)}: {related['message']['text']}")
    for fix in result.get("fixes", []):
        for change in fix["artifactChanges"]:
            for edit in change["replacements"]:
                at = {"physicalLocation": {"artifactLocation": change["artifactLocation"], "region": edit["deletedRegion"]}}
                print(f"  {fix['description']['text']}: {place(at)} becomes {edit['insertedContent']['text']}")
    for flow in result.get("codeFlows", []):
        print(f"  {flow['message']['text']}")
        for thread in flow["threadFlows"]:
            print(f"    {thread['id']}")
            for step in thread["locations"]:
                mark = "*" if step["importance"] == "essential" else " "
                order = step.get("executionOrder", "-")
                indent = "  " * step["nestingLevel"]
                print(f"      {mark} {order} {indent}{' '.join(step['kinds'])}: {step['location']['message']['text']}")
                print(f"          {indent}{place(step['location'])}")


[run] = json.load(open(sys.argv[1]))["runs"]
for one in run["results"]:
    show(one)
for invocation in run["invocations"]:
    print(f"exit status {invocation['exitCode']}, {'complete' if invocation['executionSuccessful'] else 'incomplete'}")
    for told in invocation["toolExecutionNotifications"]:
        places = [where["physicalLocation"] for where in told.get("locations", [])]
        where = " ".join(f"{p['artifactLocation']['uri']}:{p.get('region', {}).get('startLine', '-')}" for p in places)
        print(f"{told['level']} {told['descriptor']['id']} {where}".rstrip() + f": {told['message']['text']}")
