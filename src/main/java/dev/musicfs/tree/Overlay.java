package dev.musicfs.tree;

import dev.musicfs.catalog.NodeRow;
import dev.musicfs.model.NodeId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a batch's changes out of sight until each is published. The maps never change, so readers need no lock; a
 * publication is one volatile write. A reader asks the catalog first and the overlay after that: then it cannot miss a
 * change that was committed in between.
 */
final class Overlay {
    static final Overlay EMPTY = new Overlay(List.of());

    private final Map<Place, List<Announcement>> byPlace = new HashMap<>();
    private final Map<NodeId, List<Announcement>> byNode = new HashMap<>();
    private final Map<NodeId, Set<Place>> byDirectory = new HashMap<>();

    /** In the order in which they will be published. */
    Overlay(List<Announcement> announcements) {
        for (Announcement announcement : announcements) {
            byNode.computeIfAbsent(announcement.node(), id -> new ArrayList<>()).add(announcement);
            Set<Place> places = new LinkedHashSet<>();
            announcement.before().map(Place::of).ifPresent(places::add);
            announcement.after().map(Place::of).ifPresent(places::add);
            for (Place place : places) {
                byPlace.computeIfAbsent(place, p -> new ArrayList<>()).add(announcement);
                byDirectory
                        .computeIfAbsent(place.parent(), p -> new LinkedHashSet<>())
                        .add(place);
            }
        }
    }

    /** What is visible at a place where the catalog holds {@code stored}. */
    Optional<NodeRow> at(Place place, Optional<NodeRow> stored) {
        return view(byPlace.get(place), stored, first -> first.viewAt(place));
    }

    /** What is visible of a node that is {@code stored} in the catalog. */
    Optional<NodeRow> of(NodeId node, Optional<NodeRow> stored) {
        return view(byNode.get(node), stored, Announcement::before);
    }

    /** The places in a directory at which the catalog may not be believed. */
    Set<Place> placesIn(NodeId directory) {
        return byDirectory.getOrDefault(directory, Set.of());
    }

    // Several changes of a batch may concern one place; what is visible is what the first unpublished one found there.
    private static Optional<NodeRow> view(
            @Nullable List<Announcement> pending,
            Optional<NodeRow> stored,
            Function<Announcement, Optional<NodeRow>> seen) {
        if (pending != null) {
            for (Announcement announcement : pending) {
                if (!announcement.isPublished()) {
                    return seen.apply(announcement);
                }
            }
        }
        return stored;
    }
}
