package dev.musicfs.origin.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.model.RealPath;
import dev.musicfs.origin.ListingLimits;
import java.nio.charset.StandardCharsets;
import javax.xml.stream.XMLStreamException;
import org.junit.jupiter.api.Test;

/** Stores whose listings have no end. */
final class ListingTest {
    private final Listing listing = new Listing("Origin s3", RealPath.ROOT, "", new ListingLimits(5, 2));

    @Test
    void refusesAPageThatBringsNothingNew() throws XMLStreamException {
        listing.add(page("a.flac", "b.flac"));
        listing.add(page("b.flac", "c.flac"));
        assertThat(listing.sorted()).hasSize(3);
        assertThatThrownBy(() -> listing.add(page("b.flac", "c.flac"))).hasMessageContaining("nothing new");
    }

    @Test
    void refusesMoreEntriesThanAreAllowed() throws XMLStreamException {
        listing.add(page("a", "b", "c", "d", "e"));
        assertThatThrownBy(() -> listing.add(page("f"))).hasMessageContaining("more than 5 entries");
    }

    private static ListingPage page(String... keys) throws XMLStreamException {
        StringBuilder xml = new StringBuilder("<ListBucketResult><IsTruncated>false</IsTruncated>");
        for (String key : keys) {
            xml.append("<Contents><Key>")
                    .append(key)
                    .append("</Key><Size>1</Size><LastModified>2024-01-01T00:00:00.000Z")
                    .append("</LastModified><ETag>&quot;1&quot;</ETag></Contents>");
        }
        return ListingPage.parse(xml.append("</ListBucketResult>").toString().getBytes(StandardCharsets.UTF_8));
    }
}
