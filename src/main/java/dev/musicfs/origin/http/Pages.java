package dev.musicfs.origin.http;

import java.util.Locale;
import java.util.Set;

/** Pages for people, which come for a login, from a captive portal or to explain an error. */
final class Pages {
    private static final Set<String> EXTENSIONS = Set.of("html", "htm", "xhtml", "shtml");

    private Pages() {}

    static boolean isPage(String contentType) {
        String type = contentType.toLowerCase(Locale.ROOT);
        return type.startsWith("text/html") || type.startsWith("application/xhtml");
    }

    /** Whether a page is what a file with this extension may be. */
    static boolean isExpected(String extension) {
        return EXTENSIONS.contains(extension);
    }
}
