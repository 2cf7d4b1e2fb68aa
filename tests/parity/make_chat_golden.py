"""Writes the golden renderings of chat templates: what transformers' apply_chat_template returns.

    pip install -r requirements.txt
    python make_chat_golden.py ../src/test/resources/text/chat-templates.json

The templates of the folder chat_templates are our own, in the style of published model families; some
exercise one part of Jinja each. SMALL holds templates of one or two tags whose renderings differ when
`not`, white space or scopes are treated otherwise than by Jinja. A rendering that fails has no text.
The date of strftime_now is fixed. The same versions give the same bytes.
"""

import datetime
import json
import sys
from pathlib import Path

from tokenizers import Tokenizer, models
from transformers import PreTrainedTokenizerFast
from transformers.utils import chat_template_utils

TODAY = datetime.datetime(2024, 7, 6)
C = "{% for m in messages %}{{ m.content }}{% endfor %}"
SMALL = {
    "namespace": "{% set ns = namespace(seen=false) %}" + C + "{% if not ns.seen %}YES{% else %}NO{% endif %}",
    "not-defined-own": "{% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}"
    + C + "{% if add_generation_prompt %}YES{% else %}NO{% endif %}",
    "not-is-defined": C + "{% if not messages is defined %}NO{% else %}YES{% endif %}",
    "not-parentheses": C + "{% if not (messages is defined) %}NO{% else %}YES{% endif %}",
    "is-not-defined": C + "{% if messages is not defined %}NO{% else %}YES{% endif %}",
    "not-nothing-defined": C + "{% if not nothing is defined %}YES{% else %}NO{% endif %}",
    "not-equals": C + "{% if not messages[0].role == 'user' %}NO{% else %}YES{% endif %}",
    "not-in": C + "{% if not 'x' in messages[0].content %}YES{% else %}NO{% endif %}",
    "not-is-none": C + "{% if not bos_token is none %}YES{% else %}NO{% endif %}",
    "space-before-block": "{% for m in messages %}{% if m.role == 'user' %}USER: {{ m.content }} {% endif %}{% endfor %}ASSISTANT:",
    "space-literal": "{% for m in messages %}{{ m.content }}{{ ' ' }}{% endfor %}|",
    "space-before-endfor": "{% for m in messages %}{{ m.content }} {% endfor %}|",
    "newline-before-endfor": "{% for m in messages %}{{ m.content }}\n{% endfor %}|",
    "indented-block": "{% for m in messages %}\n{{ m.content }}\n  {% endfor %}\n|",
    "not-is-false": "{% set add = true %}{% if not add is false %}YES{% else %}NO{% endif %}" + C,
    "and-not-is": C + "{% if add_generation_prompt and not messages is none %}YES{% else %}NO{% endif %}",
    "loop-last": "TALK: {% for m in messages %}{% if m['role'] == 'user' %}Q: {{ m['content'] }} {% endif %}"
    "{% if loop.last and add_generation_prompt %}A:{% endif %}{% endfor %}",
    "slice-and-filter": "{% set rest = messages[1:] %}{{ messages[0].content | trim | upper }}"
    "{% for m in rest %}/{{ m.content | length }}{% endfor %}",
    "ternary-concat": "{{ ('S:' + messages[0]['content']) if messages[0]['role'] == 'system' else 'none' }}" + C,
    "windows-lines": "{% if true %}\r\na\r\n  {% endif %}\r\n" + C + "\r\n",
    "two-newlines-at-end": C + "\n\n",
    "scope-of-loop": "{% set x = 1 %}{% for m in messages %}{{ x }}{% set x = 2 %}{{ x }}{% endfor %}{{ x }}",
    "scope-of-if": "{% if true %}{% set x = 1 %}{% endif %}{{ x }}",
    "scope-of-macro": "{% set x = 1 %}{% macro f() %}{{ x }}{% set x = 5 %}{{ x }}{% endmacro %}{{ f() }}{{ x }}{% set x = 2 %}{{ f() }}",
    "undefined-attribute": C + "{{ messages[0].a.b }}",
    "undefined-sum": C + "{{ 'a' + missing }}",
    "call-undefined": C + "{{ missing() }}",
    "string-plus-number": C + "{{ 'a' + 1 }}",
    "changes-a-list": C + "{{ messages.append(1) }}",
    "private-attribute": C + "{{ ''.__class__ }}|{{ messages.__len__ }}",
    "generator": "{{ (messages | map(attribute='role') | list) }}{% if messages | select('none') %}YES{% endif %}{{ messages | select('none') | length }}",
    "slice-of-none": C + "{% set n = none %}{{ n[1:] }}",
    "list-in-dict": C + "{{ [] in {'a': 1} }}",
    "select-of-none": "{{ none | select('odd') | list }}{{ none | map('upper') | list }}" + C,
    "safe": "{{ '<b>' | safe }}{{ '<b>' | e }}" + C,
    "escapes": "{{ 'a\\nb\\t\\x41\\u00e9\\101\\q\\'\\\"' }}{{ \"it's\" }}" + C,
}

CONVERSATIONS = {
    "user": [dict(role="user", content="Hello there")],
    "system-user": [dict(role="system", content=" Be brief. "), dict(role="user", content="Say x")],
    "three": [
        dict(role="user", content="one"),
        dict(role="assistant", content="two"),
        dict(role="user", content="three x"),
    ],
    "system-five": [
        dict(role="system", content="Speak\nin verse."),
        dict(role="user", content="  Who are you?\n"),
        dict(role="assistant", content="<think>\nhm\n</think>\n\nA model. "),
        dict(role="user", content="Zoë's code: 100% {{ 1 + 1 }} {% if x %} {# y #} \\n <b>&\"quoted\"</b>"),
        dict(role="assistant", content="It's 你好 😀"),
    ],
    "blank": [dict(role="user", content=""), dict(role="assistant", content="\n"), dict(role="user", content=" \t ")],
    "wrong-order": [dict(role="user", content="a"), dict(role="user", content="b")],
    "tools": [
        dict(role="user", content="What is it?"),
        dict(
            role="assistant",
            tool_calls=[dict(id="abcdefghi", type="function", function=dict(name="look", arguments=dict(at="café", n=2)))],
        ),
        dict(role="tool", content="rain", tool_call_id="abcdefghi"),
    ],
}

SPECIAL = dict(bos_token="<s>", eos_token="</s>")


class FixedDate(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return TODAY


def main(target):
    chat_template_utils.datetime = FixedDate
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=Tokenizer(models.BPE()), **SPECIAL)
    templates = {p.stem: p.read_text(encoding="utf-8") for p in sorted(Path(__file__).parent.glob("chat_templates/*.jinja"))}
    templates.update(SMALL)
    renderings = []
    for name, template in templates.items():
        for conversation, messages in CONVERSATIONS.items():
            for prompt in (False, True):
                one = dict(template=name, conversation=conversation, add_generation_prompt=prompt)
                try:
                    one["text"] = tokenizer.apply_chat_template(
                        messages, chat_template=template, tokenize=False, add_generation_prompt=prompt
                    )
                except Exception as problem:
                    print(name, conversation, type(problem).__name__, problem)
                renderings.append(one)
    golden = dict(
        today=TODAY.date().isoformat(),
        special=SPECIAL,
        templates=templates,
        conversations=CONVERSATIONS,
        renderings=renderings,
    )
    Path(target).parent.mkdir(parents=True, exist_ok=True)
    Path(target).write_text(json.dumps(golden, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(len(templates), "templates,", len(renderings), "renderings,", sum("text" not in r for r in renderings), "failures")


if __name__ == "__main__":
    main(*sys.argv[1:])
