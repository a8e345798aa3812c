package dev.musicfs.testkit;

import java.nio.file.Path;
import java.util.Map;

/** A locale for child processes; scripts/setup installs what it is made of. */
public final class TranslatedLocale {
    private TranslatedLocale() {}

    /**
     * Makes the one in which the C library speaks German, in a directory that exists; the environment of a process that is
     * to have it, empty values unset.
     */
    public static Map<String, String> in(Path directory) {
        return in(directory, "de_DE");
    }

    /** The same with one of the names of locales, such as {@code tr_TR}. */
    public static Map<String, String> in(Path directory, String name) {
        String full = name + ".UTF-8";
        Shell.require(
                "localedef", "-i", name, "-f", "UTF-8", directory.resolve(full).toString());
        return Map.of("LOCPATH", directory.toString(), "LC_ALL", full, "LANGUAGE", "");
    }
}
