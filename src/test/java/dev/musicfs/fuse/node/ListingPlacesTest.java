package dev.musicfs.fuse.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.catalog.NodeRow;
import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.model.NodeId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ListingPlacesTest {
    private static final NodeId DIRECTORY = new NodeId(2);

    private final ListingPlaces places = new ListingPlaces();
    private final Map<NodeId, NodeRow> nodes = new HashMap<>();

    private NodeRow put(long id, NodeId parent, String name) {
        NodeRow row = new NodeRow(new NodeId(id), parent, name, 1, 0, 0);
        nodes.put(row.id(), row);
        return row;
    }

    private String at(long cookie) {
        return places.nameAt(DIRECTORY, cookie, id -> Optional.ofNullable(nodes.get(id)));
    }

    @Test
    void aCookieIsNeverOneOfTheDotsAndLeadsToItsEntry() {
        NodeRow entry = put(2, DIRECTORY, "b");
        assertThat(places.cookie(entry)).isGreaterThan(ListingPlaces.DOT_DOT);
        assertThat(at(places.cookie(entry))).isEqualTo("b");
        assertThat(at(0)).isEmpty();
        assertThat(at(ListingPlaces.DOT)).isEmpty();
        assertThat(at(ListingPlaces.DOT_DOT)).isEmpty();
    }

    @Test
    void anEntryThatLeavesKeepsItsPlaceAndHasAnotherWhenItComesBack() {
        long before = places.cookie(put(5, DIRECTORY, "m"));
        places.leaving(nodes.get(new NodeId(5)));
        nodes.clear();
        assertThat(at(before)).isEqualTo("m");
        long after = places.cookie(put(5, DIRECTORY, "a"));
        assertThat(after).isNotEqualTo(before);
        assertThat(at(after)).isEqualTo("a");
        assertThat(at(before)).isEqualTo("m");
    }

    @Test
    void theLastEntryOfAReplyIsRememberedThoughNobodySaysThatItGoes() {
        NodeRow entry = put(5, DIRECTORY, "m");
        long cookie = places.cookie(entry);
        places.ended(entry);
        put(5, new NodeId(9), "elsewhere");
        assertThat(at(cookie)).isEqualTo("m");
        nodes.clear();
        assertThat(at(cookie)).isEqualTo("m");
    }

    @Test
    void aPlaceThatIsNotKnownIsAnErrorAndNotTheEnd() {
        assertKind(FailureKind.STALE, 1000);
        assertKind(FailureKind.STALE, Long.MAX_VALUE);
        assertKind(FailureKind.INVALID, -1);
    }

    private void assertKind(FailureKind kind, long cookie) {
        assertThatThrownBy(() -> at(cookie)).isInstanceOfSatisfying(MusicFsException.class, e -> assertThat(e.kind())
                .isEqualTo(kind));
    }
}
