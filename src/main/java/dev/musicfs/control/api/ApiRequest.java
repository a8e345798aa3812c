package dev.musicfs.control.api;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;

/**
 * What a client sent.
 *
 * @param parameters of the query
 * @param body empty when there was none
 */
public record ApiRequest(MultiMap parameters, JsonObject body) {
    /** A parameter that is true or false, false when it is not there; {@code INVALID} when it is something else. */
    boolean flag(String name) {
        String text = parameters.get(name);
        if (text == null || text.equals("false")) {
            return false;
        }
        if (text.equals("true")) {
            return true;
        }
        throw new MusicFsException(FailureKind.INVALID, name + " must be true or false, not \"" + text + "\"");
    }

    /** A text of the body; {@code INVALID} when it is not there. */
    String text(String key) {
        if (body.getValue(key) instanceof String text) {
            return text;
        }
        throw new MusicFsException(FailureKind.INVALID, "the body must be a JSON object with a text \"" + key + "\"");
    }

    /** A whole number of the body from 0 to {@code most}, {@code missing} when it is not there; else {@code INVALID}. */
    long count(String key, long missing, long most) {
        Object value = body.getValue(key);
        if (value == null) {
            return missing;
        }
        if (value instanceof Integer || value instanceof Long) {
            long count = ((Number) value).longValue();
            if (count >= 0 && count <= most) {
                return count;
            }
        }
        throw new MusicFsException(FailureKind.INVALID, "\"" + key + "\" must be a whole number from 0 to " + most);
    }

    /** What the body says to a yes-or-no question, no when it says nothing; {@code INVALID} when it is something else. */
    boolean said(String key) {
        Object value = body.getValue(key);
        if (value == null) {
            return false;
        }
        if (value instanceof Boolean said) {
            return said;
        }
        throw new MusicFsException(FailureKind.INVALID, "\"" + key + "\" must be true or false");
    }
}
