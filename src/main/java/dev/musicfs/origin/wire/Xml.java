package dev.musicfs.origin.wire;

import java.io.ByteArrayInputStream;
import java.util.HashMap;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** The platform's StAX reader, without document types or anything fetched from elsewhere, and with a bounded depth. */
public final class Xml {
    /** The platform keeps a name for each element that is open: some millions of them fill the memory. */
    private static final int MAX_DEPTH = 32;

    private Xml() {}

    /** A reader that stands in front of the root element. */
    public static XMLStreamReader reader(byte[] document) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        factory.setProperty("jdk.xml.maxElementDepth", MAX_DEPTH);
        int start = start(document);
        return factory.createXMLStreamReader(new ByteArrayInputStream(document, start, document.length - start));
    }

    /** Some servers send an empty line first, which XML does not have. */
    private static int start(byte[] document) {
        int at = 0;
        while (at < document.length && (document[at] == ' ' || (document[at] >= 9 && document[at] <= 13))) {
            at++;
        }
        return at;
    }

    /** Goes into the root element, which must have this name. */
    public static void enter(XMLStreamReader xml, String root) throws XMLStreamException {
        while (xml.next() != XMLStreamConstants.START_ELEMENT) {
            if (xml.getEventType() == XMLStreamConstants.DTD) {
                throw new XMLStreamException("a document type");
            }
        }
        if (!xml.getLocalName().equals(root)) {
            throw new XMLStreamException("<" + xml.getLocalName() + "> instead of <" + root + ">");
        }
    }

    /** The texts of the children of the element the reader is in, by name; goes to its end. */
    public static Map<String, String> children(XMLStreamReader xml) throws XMLStreamException {
        Map<String, String> texts = new HashMap<>();
        while (true) {
            int event = xml.next();
            if (event == XMLStreamConstants.END_ELEMENT) {
                return texts;
            }
            if (event == XMLStreamConstants.START_ELEMENT) {
                texts.put(xml.getLocalName(), text(xml));
            }
        }
    }

    /** The text of the element the reader is in, without that of elements in it; goes to its end. */
    public static String text(XMLStreamReader xml) throws XMLStreamException {
        StringBuilder text = new StringBuilder();
        int depth = 1;
        while (depth > 0) {
            int event = xml.next();
            if (event == XMLStreamConstants.START_ELEMENT) {
                depth++;
            } else if (event == XMLStreamConstants.END_ELEMENT) {
                depth--;
            } else if (depth == 1 && event == XMLStreamConstants.CHARACTERS) {
                text.append(xml.getText());
            }
        }
        return text.toString();
    }

    /** The children's texts of a document that has only those. */
    public static Map<String, String> flat(byte[] document, String root) throws XMLStreamException {
        XMLStreamReader xml = reader(document);
        enter(xml, root);
        return children(xml);
    }
}
