package dev.musicfs.formats;

import java.util.ArrayList;
import java.util.List;

/** What the parser of a format finds of it. Sections are read apart: what makes no sense in one costs that one alone. */
final class FoundTags {
    private final TagCharset charset;
    private final boolean finish;
    private final List<FieldSource> own = new ArrayList<>();
    private final TextTags comments = new TextTags();
    private Sound sound = Sound.UNKNOWN;
    private boolean recognised;
    private String trouble = "nothing in it looks like audio";

    /** Part of a walk. */
    @FunctionalInterface
    interface Section {
        void read() throws ParsingStopped;
    }

    /** @param finish whether there is no more to be had of the file than what is known of it */
    FoundTags(TagCharset charset, boolean finish) {
        this.charset = charset;
        this.finish = finish;
    }

    TagCharset charset() {
        return charset;
    }

    /** The format's own tags; those that come first are the better. */
    void own(FieldSource tags) {
        own.add(tags);
    }

    /** The format's own comments. */
    TextTags comments() {
        if (!own.contains(comments)) {
            own.add(comments);
        }
        return comments;
    }

    /** The headers of the sound make sense, and say this of it. */
    void sound(Sound said) {
        recognised = true;
        sound = said;
    }

    /** Reads a part whose bytes may make no sense, which costs what comes after it in that part. */
    void section(Section section) throws ParsingStopped {
        try {
            section.read();
        } catch (ParsingStopped e) {
            if (e.missing() != null && !finish) {
                throw e;
            }
            trouble = e.missing() == null ? e.reason() : "its tags are too large or too far apart";
        }
    }

    /** Best first. */
    List<FieldSource> own() {
        return own;
    }

    Sound sound() {
        return sound;
    }

    /** Whether the headers of the sound made sense. */
    boolean isRecognised() {
        return recognised;
    }

    /** What made no sense last, in words. */
    String trouble() {
        return trouble;
    }
}
