package dev.musicfs.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;

final class NamesTest {
    @Property
    void aCleanNameIsValid(@ForAll @StringLength(max = 400) String text) {
        assertValid(Names.clean(text));
    }

    @Property
    void cleaningTwiceChangesNothing(@ForAll @StringLength(max = 400) String text) {
        String once = Names.clean(text);
        assertThat(Names.clean(once)).isEqualTo(once);
    }

    @Property
    void aNumberedNameIsValidAndKnown(
            @ForAll @StringLength(max = 400) String text, @ForAll @IntRange(min = 1, max = 1_000_000) int number) {
        String name = Names.clean(text);
        String numbered = Names.numbered(name, number);
        assertValid(numbered);
        assertThat(Names.isNumbered(numbered, name)).isTrue();
    }

    @Property
    void aLongNameKeepsItsExtension(@ForAll @StringLength(min = 256, max = 400) String text) {
        assertThat(Names.clean(text + ".flac")).endsWith(".flac");
        assertThat(Names.numbered(Names.clean(text + ".flac"), 2)).endsWith(" (2).flac");
    }

    @Example
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

    @Example
    void cutsBetweenCodePoints() {
        String name = Names.clean("\ud83c\udfb5".repeat(100) + ".flac");
        assertThat(name).isEqualTo("\ud83c\udfb5".repeat(61) + ".flac");
    }

    @Example
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
