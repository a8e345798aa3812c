package dev.musicfs.doctor;

import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * What a check found.
 *
 * @param check what was looked at, such as {@code fusermount}
 * @param verdict how it is
 * @param text what was found, one sentence
 * @param remedy how to mend it, for whatever is not as it should be
 */
public record Finding(String check, Verdict verdict, String text, Optional<String> remedy) {
    /** How bad it is. */
    public enum Verdict {
        /** As it should be. */
        OK,
        /** Good to know. */
        NOTE,
        /** It works, and not as well as it could. */
        WARNING,
        /** It does not work. */
        BROKEN
    }

    /** As it should be. */
    public static Finding ok(String check, String text) {
        return new Finding(check, Verdict.OK, text, Optional.empty());
    }

    /** Good to know. */
    public static Finding note(String check, String text) {
        return new Finding(check, Verdict.NOTE, text, Optional.empty());
    }

    /** Not as it could be. */
    public static Finding warning(String check, String text, String remedy) {
        return new Finding(check, Verdict.WARNING, text, Optional.of(remedy));
    }

    /** Not as it has to be. */
    public static Finding broken(String check, String text, String remedy) {
        return new Finding(check, Verdict.BROKEN, text, Optional.of(remedy));
    }

    /** The form in which it is printed for programs. */
    public JsonObject toJson() {
        JsonObject json = new JsonObject()
                .put("check", check)
                .put("verdict", verdict.name().toLowerCase(java.util.Locale.ROOT))
                .put("text", text);
        remedy.ifPresent(what -> json.put("remedy", what));
        return json;
    }
}
