package dev.musicfs.tree.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.Trials;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import org.junit.jupiter.api.Test;

final class NamesTest {
    @Test
    void aCleanNameIsValid() {
        Trials.check(1000, draw -> assertValid(Names.clean(draw.text(0, 400))));
    }

    @Test
    void cleaningTwiceChangesNothing() {
        Trials.check(1000, draw -> {
            String once = Names.clean(draw.text(0, 400));
            assertThat(Names.clean(once)).isEqualTo(once);
        });
    }

    @Test
    void aNumberedNameIsValidAndKnown() {
        Trials.check(1000, draw -> {
            String name = Names.clean(draw.text(0, 400));
            String numbered = Names.numbered(name, draw.number(1, 1_000_000));
            assertValid(numbered);
            assertThat(Names.isNumbered(numbered, name)).isTrue();
        });
    }

    @Test
    void aLongNameKeepsItsExtension() {
        Trials.check(1000, draw -> {
            String name = Names.clean(draw.text(256, 400) + ".flac");
            assertThat(name).endsWith(".flac");
            assertThat(Names.numbered(name, 2)).endsWith(" (2).flac");
        });
    }

    @Test
    void replacesWhatMayNotStandInAName() {
        assertThat(Names.clean("AC/DC\0\n")).isEqualTo("AC_DC__");
        assertThat(Names.clean(".hidden")).isEqualTo("_hidden");
        assertThat(Names.clean("R.E.M.")).isEqualTo("R.E.M_");
        assertThat(Names.clean(" x ")).isEqualTo("_x_");
        assertThat(Names.clean("..")).isEqualTo("__");
        assertThat(Names.clean("")).isEqualTo("_");
        assertThat(Names.clean("e\u0301")).isEqualTo("\u00e9");
        assertThat(Names.clean("a\udc80b")).isEqualTo("a\ufffdb");
    }

    @Test
    void cutsBetweenCodePoints() {
        String name = Names.clean("\ud83c\udfb5".repeat(100) + ".flac");
        assertThat(name).isEqualTo("\ud83c\udfb5".repeat(61) + ".flac");
    }

    @Test
    void numbersStandBeforeTheExtension() {
        assertThat(Names.numbered("a.flac", 1)).isEqualTo("a.flac");
        assertThat(Names.numbered("a.flac", 2)).isEqualTo("a (2).flac");
        assertThat(Names.numbered("Vol. One", 3)).isEqualTo("Vol. One (3)");
        assertThat(Names.isNumbered("a (2).mp3", "a.flac")).isFalse();
        assertThat(Names.isNumbered("b (2).flac", "a.flac")).isFalse();
    }

    private static void assertValid(String name) {
        assertThat(name.getBytes(StandardCharsets.UTF_8).length).isBetween(1, Names.MAX_BYTES);
        assertThat(name).doesNotContain("/").isNotEqualTo(".").isNotEqualTo("..");
        assertThat(name.codePoints()).noneMatch(c -> Character.isISOControl(c) || (c >= 0xD800 && c <= 0xDFFF));
        assertThat(name)
                .doesNotStartWith(".")
                .doesNotStartWith(" ")
                .doesNotEndWith(".")
                .doesNotEndWith(" ");
        assertThat(Normalizer.isNormalized(name, Normalizer.Form.NFC)).isTrue();
    }
}
