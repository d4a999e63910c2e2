"""Prints one answer of a service, read as JSON, for a person."""
import json
import sys


def money(amount):
    return format(amount["minor_units"], ",") + " " + amount["currency"]


def price(answer):
    yield "price %s   range %s to %s   confidence %.0f %%" % (
        money(answer["price"]), money(answer["low"]), money(answer["high"]), 100 * answer["confidence"])
    for reason in answer["reasons"]:
        yield "x %.2f  %s" % (reason["factor"], reason["text"])


def suggestion(item):
    if "category" in item:
        return "%5.1f %%  %s%s" % (100 * item["probability"], item["category"], "" if item["is_leaf"] else "  (and below)")
    if "title" in item:
        return "%-10s %s   (in %d listings)" % (item["kind"], item["title"], item["support"])
    if "tag" in item:
        return "%5.1f %%  %s   (%s)" % (100 * item["probability"], item["tag"], item["source"])
    spans = ", ".join("%s[%d..<%d]" % (span["field"], span["start"], span["end"]) for span in item["evidence"])
    return "%5.1f %%  %s: %s   %s" % (100 * item["probability"], item["attribute"], item["value"], spans)


def judgement(answer):
    yield "decision: " + answer["decision"]
    for violation in answer["violations"]:
        if violation["decision"] != "allow":
            yield "%5.1f %%  %s: %s" % (100 * violation["probability"], violation["kind"], violation["decision"])
            for piece in violation["evidence"]:
                span = piece["span"]
                yield "         %s[%d..<%d] read as %s, by %s" % (
                    span["field"], span["start"], span["end"], piece["term"],
                    "rule " + piece["rule"] if piece.get("rule") else "the model")


def main():
    answer = json.load(sys.stdin)
    if "price" in answer:
        lines = price(answer)
    elif "decision" in answer:
        lines = judgement(answer)
    else:
        lines = ["verdict: " + answer["verdict"]] if "verdict" in answer else []
        if answer.get("coverage", "trained") != "trained":
            lines.append("coverage: " + answer["coverage"])
        lines += [suggestion(item) for item in answer["suggestions"]] or ["no suggestion"]
    for line in lines:
        print(("   " + line).rstrip())


main()
