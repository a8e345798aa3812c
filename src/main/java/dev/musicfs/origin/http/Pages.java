package dev.musicfs.origin.http;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.wire.Response;
import java.util.Locale;
import java.util.Set;

/** Pages for people, which come for a login, from a captive portal or to explain an error. */
final class Pages {
    private static final Set<String> EXTENSIONS = Set.of("html", "htm", "xhtml", "shtml");

    private Pages() {}

    /** Whether it is one, by what the server says of it. */
    static boolean isPage(Response response) {
        String type = response.header("Content-Type").toLowerCase(Locale.ROOT);
        return type.startsWith("text/html") || type.startsWith("application/xhtml");
    }

    /** Throws {@code REJECTED} for a page, unless it is what a file of this name may be. */
    static void refuse(String origin, RealPath path, Response response) {
        if (isPage(response) && !EXTENSIONS.contains(path.extension())) {
            throw new MusicFsException(
                    FailureKind.REJECTED,
                    origin + " sends a web page in place of a file, such as one for logging in: " + response.url());
        }
    }
}
