package dev.musicfs.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    void whatCouldMoveACursorOrMakeALineIsSpeltOut() {
        assertThat(Printable.line("a\u001b[2J\u0007\u009b31m\r\n\tb\u007f"))
                .isEqualTo("a\\u001b[2J\\u0007\\u009b31m\\u000d\\u000a\\u0009b\\u007f");
        assertThat(Printable.text("a\u001b\r\n\tb")).isEqualTo("a\\u001b\\u000d\n\tb");
        assertThat(Printable.line("x\u202e3pm\u2028\u2029\u2066\u200f"))
                .isEqualTo("x\\u202e3pm\\u2028\\u2029\\u2066\\u200f");
        assertThat(Printable.line("\ud83c x \udfb5")).isEqualTo("\\ud83c x \\udfb5");
    }

    @Test
    void everyOtherTextStays() {
        for (String text : new String[] {
            "",
            "plain ~",
            "M\u00fcsic \u6771\u4eac \u0627\u0644",
            "\ud83d\udc69\u200d\ud83d\udc67 \ud83c\udfb5",
            "\\u001b"
        }) {
            assertThat(Printable.line(text)).isSameAs(text);
            assertThat(Printable.text(text)).isSameAs(text);
        }
    }
}
