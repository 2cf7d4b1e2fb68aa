package org.lethe.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lethe.error.LetheException;

final class ChatTemplateTest {
  private static final Map<String, String> SPECIAL =
      Map.of("bos_token", "<s>", "eos_token", "</s>");

  private static ChatTemplate withSystem(String template, String message) {
    return new ChatTemplate(
        template, SPECIAL, ChatSettings.DEFAULT.withSystemMessage(message), "model");
  }

  private static String render(String template, String prompt) {
    return new ChatTemplate(template, SPECIAL, ChatSettings.DEFAULT, "model").render(prompt);
  }

  @Test
  void zephyrStyleTemplatesRenderAsHuggingFaceDoes() {
    String template =
        """
        {% for message in messages %}
        {% if message['role'] == 'user' %}
        {{ '<|user|>\\n' + message['content'] + eos_token }}
        {% endif %}
        {% if loop.last and add_generation_prompt %}
        {{ '<|assistant|>' }}
        {% endif %}
        {% endfor %}
        """;
    // From transformers 5.23: apply_chat_template(..., add_generation_prompt=True).
    assertThat(render(template, "Hi")).isEqualTo("<|user|>\nHi</s>\n<|assistant|>\n");
  }

  @Test
  void llama2StyleTemplatesRender() {
    String template =
        """
        {% if messages[0]['role'] == 'system' %}\
        {% set loop_messages = messages[1:] %}\
        {% set system_message = messages[0]['content'] %}\
        {% else %}\
        {% set loop_messages = messages %}{% set system_message = false %}\
        {% endif %}\
        {% for message in loop_messages %}\
        {% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}\
        {{ raise_exception('roles must alternate') }}\
        {% endif %}\
        {% if loop.index0 == 0 and system_message != false %}\
        {% set content = '<<SYS>>\\n' + system_message + '\\n<</SYS>>\\n\\n' + message['content'] %}\
        {% else %}\
        {% set content = message['content'] %}\
        {% endif %}\
        {% if message['role'] == 'user' %}\
        {{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}\
        {% endif %}\
        {% endfor %}\
        """;
    assertThat(render(template, " Hi ")).isEqualTo("<s>[INST] Hi [/INST]");
    assertThat(withSystem(template, "Be kind.").render("Hi"))
        .isEqualTo("<s>[INST] <<SYS>>\nBe kind.\n<</SYS>>\n\nHi [/INST]");
  }

  @Test
  void namespacesAndReversedListsWork() {
    String template =
        """
        {%- set ns = namespace(open=true, last=messages|length - 1) %}\
        {%- for m in messages[::-1] %}\
        {%- set index = (messages|length - 1) - loop.index0 %}\
        {%- if ns.open and not(m.content.startswith('<t>') and m.content.endswith('</t>')) %}\
        {%- set ns.open = false %}{%- set ns.last = index %}\
        {%- endif %}\
        {%- endfor %}\
        {{- ns.last }} {{ ns.open }} {{ messages[-1].content }}\
        """;
    assertThat(withSystem(template, "S").render("U")).isEqualTo("1 False U");
  }

  @Test
  void bracesInThePromptAreText() {
    assertThat(render("{{ messages[0].content }}", "{{ 1 + 1 }} {% if %} {# x #}"))
        .isEqualTo("{{ 1 + 1 }} {% if %} {# x #}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ messages[0].content.getClass() }}",
        "{{ messages.getClass().forName('java.lang.Runtime') }}",
        "{{ ''.class.forName('java.lang.Runtime') }}",
        "{{ loop.class }}",
        "{{ messages.class.name }}",
        "{% include 'log4j2.xml' %}",
        "{% import '/etc/passwd' as x %}",
        "{{ raise_exception('only with tools') }}",
        "{{ undefined_function(1) }}",
        "{% for %}",
      })
  void constructorRejectsUnsafeOrFailingTemplates(String template) {
    assertThatThrownBy(() -> render("{{ messages[0].content }}" + template, "Hi"))
        .isInstanceOf(LetheException.class)
        .hasMessageStartingWith("Invalid chat template of model: ")
        .hasMessageEndingWith("; use the raw prompt template instead, or a simpler chat template");
  }

  @Test
  void attributesThatPythonLacksAreUndefined() {
    String template = "{{ messages[0].content }}{{ ''.class }}{{ messages.class }}";
    assertThat(render(template, "Hi")).isEqualTo("Hi");
  }

  @Test
  void theSystemMessageComesFirst() {
    String template = "{% for m in messages %}[{{ m.role }}: {{ m.content }}]{% endfor %}";
    assertThat(withSystem(template, "Be kind.").render("Hi"))
        .isEqualTo("[system: Be kind.][user: Hi]");
    assertThat(render(template, "Hi")).isEqualTo("[user: Hi]");
  }

  @Test
  void aTemplateWithoutRoomForASystemMessageIsRejected() {
    String template =
        "{% if messages[0].role == 'system' %}{{ raise_exception('System role not supported') }}"
            + "{% endif %}{{ messages[0].content }}";
    assertThatThrownBy(() -> withSystem(template, "Be kind."))
        .isInstanceOf(LetheException.class)
        .hasMessage(
            "Invalid chat template of model: the template refuses: System role not supported; use"
                + " the raw prompt template instead, or a simpler chat template");
  }

  @Test
  void theDateIsFixed() {
    assertThat(render("{{ strftime_now('%d %B %Y') }} {{ messages[0].content }}", "Hi"))
        .isEqualTo("26 July 2024 Hi");
  }

  @Test
  @Timeout(20)
  void endlessTemplatesAreStopped() {
    String loop = "{% for a in range(999) %}";
    String end = "{% endfor %}";
    assertThatThrownBy(
            () -> render("{{ messages[0].content }}" + loop + loop + loop + end + end + end, "Hi"))
        .isInstanceOf(LetheException.class)
        .hasMessageContaining("more than 1000000 steps");
  }

  @Test
  @Timeout(20)
  void hugeOutputIsStopped() {
    String doubling =
        "{% set ns = namespace(x=messages[0].content) %}{% for i in range(60) %}"
            + "{% set ns.x = ns.x + ns.x %}{% endfor %}{{ ns.x }}";
    assertThatThrownBy(() -> render(doubling, "Hi")).isInstanceOf(LetheException.class);
  }

  @Test
  void failureMessageDoesNotQuoteThePrompt() {
    String template =
        "{{ messages[0].content }}{% if messages[0].content != 'probe' %}"
            + "{{ raise_exception('bad: ' + messages[0].content) }}{% endif %}";
    assertThatThrownBy(() -> render(template, "Ada Turner"))
        .isInstanceOf(LetheException.class)
        .hasMessageStartingWith("Invalid chat template of model: ")
        .hasNoCause()
        .message()
        .doesNotContain("Ada");
  }

  @Test
  void aTemplateThatDropsThePromptIsRefused() {
    assertThatThrownBy(() -> render("{{ bos_token }}", "Hi"))
        .isInstanceOf(LetheException.class)
        .hasMessageContaining("it drops the user's message");
  }
}
