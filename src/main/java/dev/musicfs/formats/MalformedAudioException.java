package dev.musicfs.formats;

import java.io.IOException;

/** The bytes could be read and are not what the format asks for; an {@link IOException} of another class is real I/O. */
final class MalformedAudioException extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedAudioException(String message) {
        super(message);
    }

    MalformedAudioException(String message, Throwable cause) {
        super(message, cause);
    }
}
