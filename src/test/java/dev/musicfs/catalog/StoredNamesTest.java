package dev.musicfs.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredNamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "a", "\ud83c\udfb5", "a\ud83c\udfb5\ud83c\udfb5b", "\ud7ff\ue000"})
    void unicodeTextIsStored(String name) {
        assertThat(StoredNames.isStorable(name)).isTrue();
        assertThat(StoredNames.requireStorable(name)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\0", "a\0b", "\udc80", "a\udfb5", "\ud83c", "a\ud83cb", "\ud83c\ud83c\udfb5", "\udfb5\ud83c"})
    void whatHasNoFormInUtf8IsRefused(String name) {
        assertThat(StoredNames.isStorable(name)).isFalse();
        assertThatThrownBy(() -> StoredNames.requireStorable(name))
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID));
    }
}
