package dev.musicfs.origin.s3;

import java.util.Map;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;

/**
 * S3's words about a failure.
 *
 * @param code such as {@code NoSuchKey}; empty when the answer was not in the words of S3
 * @param message for people; may be empty
 */
record ErrorBody(String code, String message, @Nullable String region) {
    private static final int LONGEST_MESSAGE = 300;
    private static final ErrorBody NONE = new ErrorBody("", "", null);

    static ErrorBody of(Answer answer) {
        if (answer.body().length() == 0) {
            return NONE;
        }
        try {
            Map<String, String> words = Xml.flat(answer.body().getBytes(), "Error");
            return new ErrorBody(
                    words.getOrDefault("Code", ""), oneLine(words.getOrDefault("Message", "")), words.get("Region"));
        } catch (XMLStreamException e) {
            return NONE;
        }
    }

    /** The region the server names as the right one, in a header or in the body. */
    static @Nullable String region(Answer answer) {
        String header = answer.header("x-amz-bucket-region");
        return header != null ? header : of(answer).region();
    }

    private static String oneLine(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= LONGEST_MESSAGE ? line : line.substring(0, LONGEST_MESSAGE);
    }
}
