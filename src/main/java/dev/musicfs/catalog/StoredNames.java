package dev.musicfs.catalog;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;

/** Names of the tree are stored as UTF-8; a text with a lone surrogate has no such form. */
final class StoredNames {
    private StoredNames() {}

    /** Whether the text can be stored and found again. */
    static boolean isStorable(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '\0') {
                return false;
            }
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < name.length()
                        && Character.isLowSurrogate(name.charAt(i + 1));
                if (!pair) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    /** The name itself, or {@code INVALID}. */
    static String requireStorable(String name) {
        if (!isStorable(name)) {
            throw new MusicFsException(
                    FailureKind.INVALID, "a name of the tree holds a NUL or is not Unicode text: \"" + name + "\"");
        }
        return name;
    }
}
