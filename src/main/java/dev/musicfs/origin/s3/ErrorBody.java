package dev.musicfs.origin.s3;

import dev.musicfs.origin.wire.Response;
import dev.musicfs.origin.wire.Xml;
import java.util.Map;
import javax.xml.stream.XMLStreamException;

/**
 * S3's words about a failure.
 *
 * @param code such as {@code NoSuchKey}; empty when the answer was not in the words of S3
 * @param message for people; may be empty
 * @param region the one the server names as the right one; may be empty
 */
record ErrorBody(String code, String message, String region) {
    private static final int LONGEST_MESSAGE = 300;
    private static final ErrorBody NONE = new ErrorBody("", "", "");

    static ErrorBody of(Response response) {
        if (response.body().length() == 0) {
            return NONE;
        }
        try {
            Map<String, String> words = Xml.flat(response.body().getBytes(), "Error");
            return new ErrorBody(
                    words.getOrDefault("Code", ""),
                    oneLine(words.getOrDefault("Message", "")),
                    words.getOrDefault("Region", ""));
        } catch (XMLStreamException e) {
            return NONE;
        }
    }

    /** That region, in a header or in the body. */
    static String region(Response response) {
        String header = response.header("x-amz-bucket-region");
        return header.isEmpty() ? of(response).region() : header;
    }

    private static String oneLine(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= LONGEST_MESSAGE ? line : line.substring(0, LONGEST_MESSAGE);
    }
}
