package dev.musicfs.origin.s3;

import dev.musicfs.origin.wire.Validators;
import dev.musicfs.origin.wire.Xml;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * One answer to {@code ListObjectsV2}.
 *
 * @param encoded whether keys are percent-encoded
 * @param next the token of the page after this one; null on the last
 */
record ListingPage(List<Item> items, List<String> prefixes, boolean encoded, @Nullable String next) {
    /**
     * An object.
     *
     * @param key as it stands in the page
     * @param modified whole seconds, since a request about one object gives no finer time
     * @param tag without quotes; empty if there is none
     */
    record Item(String key, long sizeBytes, Instant modified, String tag) {}

    /**
     * @throws XMLStreamException when it is anything but a whole page: the rest of a listing that was cut must not look
     *     like files that are gone
     */
    static ListingPage parse(byte[] document) throws XMLStreamException {
        XMLStreamReader xml = Xml.reader(document);
        Xml.enter(xml, "ListBucketResult");
        List<Item> items = new ArrayList<>();
        List<String> prefixes = new ArrayList<>();
        boolean encoded = false;
        String truncated = "";
        String token = null;
        while (xml.next() != XMLStreamConstants.END_ELEMENT) {
            if (xml.getEventType() != XMLStreamConstants.START_ELEMENT) {
                continue;
            }
            switch (xml.getLocalName()) {
                case "Contents" -> items.add(item(Xml.children(xml)));
                case "CommonPrefixes" -> prefixes.add(required(Xml.children(xml), "Prefix"));
                case "EncodingType" -> encoded = "url".equals(Xml.text(xml));
                case "IsTruncated" -> truncated = Xml.text(xml).strip();
                case "NextContinuationToken" -> token = Xml.text(xml);
                default -> Xml.text(xml);
            }
        }
        while (xml.hasNext()) {
            xml.next();
        }
        boolean more = truncated.equals("true");
        if (!more && !truncated.equals("false")) {
            throw new XMLStreamException("a page that does not say whether it is the last");
        }
        if (more && (token == null || token.isEmpty())) {
            throw new XMLStreamException("a page that does not say how to get the next");
        }
        return new ListingPage(items, prefixes, encoded, more ? token : null);
    }

    private static Item item(Map<String, String> texts) throws XMLStreamException {
        try {
            long size = Long.parseLong(required(texts, "Size"));
            if (size < 0) {
                throw new XMLStreamException("an object of " + size + " bytes");
            }
            String modified = texts.get("LastModified");
            return new Item(
                    required(texts, "Key"),
                    size,
                    modified == null
                            ? Instant.EPOCH
                            : DateTimeFormatter.ISO_OFFSET_DATE_TIME
                                    .parse(modified, Instant::from)
                                    .truncatedTo(ChronoUnit.SECONDS),
                    Validators.unquoted(texts.getOrDefault("ETag", "")));
        } catch (NumberFormatException | DateTimeException e) {
            throw new XMLStreamException("an object that cannot be understood: " + e.getMessage(), e);
        }
    }

    private static String required(Map<String, String> texts, String name) throws XMLStreamException {
        String text = texts.get(name);
        if (text == null || text.isEmpty()) {
            throw new XMLStreamException("an entry without " + name);
        }
        return text;
    }
}
