package dev.musicfs.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ErrnoTextsTest {
    private static final Map<String, Integer> ENGLISH = Map.of("Input/output error", 5, "No space left on device", 28);

    @Test
    void anotherLanguageIsAskedOnceAndOnlyForATextThatIsNotKnownBefore() {
        List<Integer> asked = new ArrayList<>();
        ErrnoTexts texts = new ErrnoTexts(ENGLISH, number -> {
            asked.add(number);
            return "Fehler " + number;
        });

        assertThat(texts.find("No space left on device")).isEqualTo(28);
        assertThat(asked).isEmpty();
        assertThat(texts.find("Fehler 28")).isEqualTo(28);
        assertThat(texts.find("Fehler 5")).isEqualTo(5);
        assertThat(texts.find("Fehler 999")).isNull();
        assertThat(asked).containsExactlyInAnyOrder(5, 28);
    }

    @Test
    void aTextThatTwoNumbersHaveIsNobodys() {
        assertThat(new ErrnoTexts(ENGLISH, number -> "???").find("???")).isNull();
    }

    @Test
    void withoutTheNativeLibraryTheTextsOfTheCLocaleAreKnownAllTheSame() {
        ErrnoTexts texts = new ErrnoTexts(ENGLISH, number -> {
            throw new UnsatisfiedLinkError("libjffi");
        });

        assertThat(texts.find("Fehler 28")).isNull();
        assertThat(texts.find("No space left on device")).isEqualTo(28);
    }
}
