package dev.musicfs.tree.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.testkit.Trials;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** Of one to four bytes each: the first and the last of every length. */
    @ParameterizedTest
    @ValueSource(strings = {"~", "\u00a1", "\u07ff", "\u0800", "\ufffd", "\ud800\udc00", "\udbff\udfff"})
    void aNameIsCutToAsMuchAsFits(String character) {
        int each = character.getBytes(StandardCharsets.UTF_8).length;
        int room = Names.MAX_BYTES - " (2).flac".length();
        assertThat(Names.clean(character.repeat(300) + ".flac")).isEqualTo(character.repeat(room / each) + ".flac");
    }

    @Test
    void aNameOfTheGreatestLengthStays() {
        assertThat(Names.clean("a".repeat(255))).isEqualTo("a".repeat(255));
        assertThat(Names.clean("a".repeat(256))).isEqualTo("a".repeat(251));
        assertThat(Names.numbered("a".repeat(252), 2)).isEqualTo("a".repeat(251) + " (2)");
    }

    @Test
    void whatLooksLikeNoExtensionIsNone() {
        String longest = "." + "x".repeat(15);
        assertThat(Names.numbered("a" + longest, 2)).isEqualTo("a (2)" + longest);
        for (String name : new String[] {"a" + longest + "x", "a.b-c", "a.\u00e9", "a", "a.b."}) {
            assertThat(Names.numbered(name, 2))
                    .startsWith(name.substring(0, name.length() - 1))
                    .endsWith(" (2)");
        }
        assertThat(Names.numbered(".x", 2)).isEqualTo("_x (2)");
    }

    @Test
    void onlyHalvesOfCharactersAreReplaced() {
        assertThat(Names.clean("a\ud800b\udfffc")).isEqualTo("a\ufffdb\ufffdc");
        assertThat(Names.clean("a\ud7ffb\ue000c")).isEqualTo("a\ud7ffb\ue000c");
    }

    @Test
    void namesAreInTheOrderOfTheirBytes() {
        assertThat(Stream.of("\ud83c\udfb5", "b", "\uffee", "a", "ab", "\u00e9").sorted(Names.BYTE_ORDER))
                .containsExactly("a", "ab", "b", "\u00e9", "\uffee", "\ud83c\udfb5");
    }

    @Test
    void numbersStandBeforeTheExtension() {
        assertThat(Names.numbered("a.flac", 1)).isEqualTo("a.flac");
        assertThat(Names.numbered("a.flac", 2)).isEqualTo("a (2).flac");
        assertThat(Names.numbered("Vol. One", 3)).isEqualTo("Vol. One (3)");
        assertThat(Names.isNumbered("a (2).mp3", "a.flac")).isFalse();
        assertThat(Names.isNumbered("a (1).flac", "a.flac")).isFalse();
        assertThat(Names.isNumbered("a (12)", "a")).isTrue();
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
