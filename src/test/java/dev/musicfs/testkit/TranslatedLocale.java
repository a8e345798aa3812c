package dev.musicfs.testkit;

import java.nio.file.Path;
import java.util.Map;

/** A locale in which the C library speaks German, for child processes; scripts/setup installs what it is made of. */
public final class TranslatedLocale {
    private static final String NAME = "de_DE.UTF-8";

    private TranslatedLocale() {}

    /** Makes it in a directory that exists; the environment of a process that is to have it, empty values unset. */
    public static Map<String, String> in(Path directory) {
        Shell.require(
                "localedef",
                "-i",
                "de_DE",
                "-f",
                "UTF-8",
                directory.resolve(NAME).toString());
        return Map.of("LOCPATH", directory.toString(), "LC_ALL", NAME, "LANGUAGE", "");
    }
}
