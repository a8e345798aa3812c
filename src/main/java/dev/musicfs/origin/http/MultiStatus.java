package dev.musicfs.origin.http;

import dev.musicfs.origin.wire.Response;
import dev.musicfs.origin.wire.Validators;
import dev.musicfs.origin.wire.Xml;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Reads the answer to a PROPFIND (RFC 4918, 14.16). It comes from outside: no DTD, no entities of its own. */
final class MultiStatus {
    /** What is asked for. */
    static final String QUESTION = "<?xml version=\"1.0\" encoding=\"utf-8\"?><propfind xmlns=\"DAV:\"><prop>"
            + "<resourcetype/><getcontentlength/><getlastmodified/><getetag/></prop></propfind>";

    private static final String DAV = "DAV:";
    private static final int OK = 200;

    private final XMLStreamReader xml;

    /**
     * One resource.
     *
     * @param href as it stands there
     * @param status of the resource as a whole, 200 unless it says otherwise
     * @param collection whether it is a directory
     * @param sizeBytes empty when unknown
     * @param validators what tells its versions apart
     */
    record Resource(String href, int status, boolean collection, OptionalLong sizeBytes, Validators validators) {}

    private record Properties(boolean collection, String size, String modified, String etag) {
        static final Properties NONE = new Properties(false, "", "", "");

        Properties or(Properties other) {
            return new Properties(
                    collection || other.collection,
                    size.isEmpty() ? other.size : size,
                    modified.isEmpty() ? other.modified : modified,
                    etag.isEmpty() ? other.etag : etag);
        }
    }

    private MultiStatus(XMLStreamReader xml) {
        this.xml = xml;
    }

    /** All of it, or nothing when it is anything else or not whole. */
    static List<Resource> parse(byte[] body) throws XMLStreamException {
        return parse(body, Integer.MAX_VALUE);
    }

    /** The same; of more than {@code most} resources that many and one more. */
    static List<Resource> parse(byte[] body, int most) throws XMLStreamException {
        XMLStreamReader reader = Xml.reader(body);
        try {
            return new MultiStatus(reader).resources(most);
        } finally {
            reader.close();
        }
    }

    private List<Resource> resources(int most) throws XMLStreamException {
        List<Resource> found = new ArrayList<>();
        // Stops at a DOCTYPE as at any other thing that is no element.
        xml.nextTag();
        if (!is("multistatus")) {
            throw new XMLStreamException("no multistatus but " + xml.getLocalName());
        }
        while (xml.nextTag() == XMLStreamConstants.START_ELEMENT) {
            if (is("response")) {
                found.add(response());
                if (found.size() > most) {
                    return found;
                }
            } else {
                Xml.text(xml);
            }
        }
        while (xml.hasNext()) {
            xml.next();
        }
        return found;
    }

    private Resource response() throws XMLStreamException {
        String href = "";
        int status = OK;
        Properties properties = Properties.NONE;
        while (xml.nextTag() == XMLStreamConstants.START_ELEMENT) {
            if (is("href")) {
                href = xml.getElementText().strip();
            } else if (is("status")) {
                status = status(xml.getElementText());
            } else if (is("propstat")) {
                properties = properties.or(propstat());
            } else {
                Xml.text(xml);
            }
        }
        if (href.isEmpty()) {
            throw new XMLStreamException("a response without href");
        }
        return new Resource(
                href,
                status,
                properties.collection,
                Response.number(properties.size),
                Validators.of(properties.etag, properties.modified));
    }

    private Properties propstat() throws XMLStreamException {
        int status = OK;
        Properties properties = Properties.NONE;
        while (xml.nextTag() == XMLStreamConstants.START_ELEMENT) {
            if (is("status")) {
                status = status(xml.getElementText());
            } else if (is("prop")) {
                properties = prop();
            } else {
                Xml.text(xml);
            }
        }
        return status / 100 == 2 ? properties : Properties.NONE;
    }

    private Properties prop() throws XMLStreamException {
        boolean collection = false;
        String size = "";
        String modified = "";
        String etag = "";
        while (xml.nextTag() == XMLStreamConstants.START_ELEMENT) {
            if (is("resourcetype")) {
                collection = collection();
            } else if (is("getcontentlength")) {
                size = xml.getElementText();
            } else if (is("getlastmodified")) {
                modified = xml.getElementText();
            } else if (is("getetag")) {
                etag = xml.getElementText();
            } else {
                Xml.text(xml);
            }
        }
        return new Properties(collection, size, modified, etag);
    }

    private boolean collection() throws XMLStreamException {
        boolean collection = false;
        while (xml.nextTag() == XMLStreamConstants.START_ELEMENT) {
            collection |= is("collection");
            Xml.text(xml);
        }
        return collection;
    }

    private boolean is(String name) {
        return xml.getLocalName().equals(name) && DAV.equals(xml.getNamespaceURI());
    }

    // "HTTP/1.1 200 OK"
    private static int status(String line) throws XMLStreamException {
        String[] words = line.strip().split("\\s+", 3);
        try {
            return Integer.parseInt(words[1]);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new XMLStreamException("not a status: " + line, e);
        }
    }
}
