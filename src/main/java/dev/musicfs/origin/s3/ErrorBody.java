package dev.musicfs.origin.s3;

import java.nio.charset.StandardCharsets;
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
    private static final ErrorBody NONE = new ErrorBody("", "", null);

    static ErrorBody of(Answer answer) {
        if (answer.body().length() == 0) {
            return NONE;
        }
        try {
            Map<String, String> words = Xml.flat(answer.body().getBytes(), "Error");
            return new ErrorBody(
                    words.getOrDefault("Code", ""),
                    oneLine(words.getOrDefault("Message", "")),
                    words.get("Region"));
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
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        String all = text.replaceAll("\\s+", " ").strip();
        return bytes.length <= 300 ? all : all.substring(0, Math.min(all.length(), 300));
    }
}
