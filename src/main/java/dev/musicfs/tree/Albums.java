package dev.musicfs.tree;

import dev.musicfs.catalog.FileKind;
import dev.musicfs.catalog.FileRow;
import dev.musicfs.model.TrackTags;
import dev.musicfs.tree.StagedFiles.Folder;
import dev.musicfs.tree.template.AlbumFields;
import dev.musicfs.tree.template.DiscFolder;
import dev.musicfs.tree.template.Template;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Judges what belongs to a whole album by all its tracks: those of one title in one directory of an origin, or in the
 * directories of its discs, that lie side by side. For one thread, after all changes of the batch have been staged.
 *
 * <p>An album has several discs when any track says so. Its year is the one that most tracks say, of equally frequent
 * ones the latest. Its artist is what each track says; tracks that do not say one share one, unless the directory is the
 * root of the origin, holds tracks of other albums too, or not each of its tracks has a number of its own: the one that
 * others say, or the one that all tracks' artists begin with, or Various Artists.
 */
final class Albums {
    /** What holds more tracks is no album, and would be looked through with each batch. */
    private static final int MOST_TRACKS = 500;

    private static final int MOST_DISCS = 50;
    /** What stands between an artist and the guests of one track. */
    private static final Pattern GUESTS = Pattern.compile(
            "\\s*[;,/&+(\\[].*|\\s+(?:feat|ft|featuring|with|vs|x|and)\\b.*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** Differs when this template, or a change of the rules here, wants tracks of an unchanged library elsewhere. */
    static String rules(Template template) {
        return template.text() + "\nalbums 1";
    }

    private record Scope(Folder folder, boolean discs) {
        static Scope of(FileRow track) {
            Folder folder = Folder.of(track);
            return DiscFolder.is(folder.path())
                    ? new Scope(new Folder(folder.origin(), folder.path().parent()), true)
                    : new Scope(folder, false);
        }

        boolean isRoot() {
            return !discs && folder.path().isRoot();
        }
    }

    private record Slot(String format, int disc, int track) {}

    private final StagedFiles files;
    private final Set<Scope> touched = new LinkedHashSet<>();
    private final Map<Scope, Optional<List<FileRow>>> tracks = new HashMap<>();
    private final Map<Scope, Map<Long, AlbumFields>> judged = new HashMap<>();

    Albums(StagedFiles files) {
        this.files = files;
    }

    /** Something about a track changed, which may concern the others of its album. */
    void touch(FileRow file) {
        if (file.kind() == FileKind.AUDIO) {
            touched.add(Scope.of(file));
        }
    }

    /** What is judged of a track's album. */
    AlbumFields of(FileRow track) {
        Map<Long, AlbumFields> albums = judged.computeIfAbsent(Scope.of(track), this::judge);
        AlbumFields fields = albums.get(track.id());
        return fields != null ? fields : AlbumFields.alone(track.tags());
    }

    /** The tracks that lie together with one that was touched, itself included. */
    List<FileRow> neighbours() {
        return touched.stream()
                .flatMap(scope -> tracks(scope).orElse(List.of()).stream())
                .toList();
    }

    private Map<Long, AlbumFields> judge(Scope scope) {
        Map<String, List<FileRow>> byTitle = new LinkedHashMap<>();
        for (FileRow track :
                tracks(scope).filter(all -> all.size() <= MOST_TRACKS).orElse(List.of())) {
            if (track.wellFormed() && !track.tags().album().isBlank()) {
                byTitle.computeIfAbsent(folded(track.tags().album()), title -> new ArrayList<>())
                        .add(track);
            }
        }
        Map<Long, AlbumFields> albums = new HashMap<>();
        byTitle.values().forEach(tracks -> judge(tracks, byTitle.size() == 1 && !scope.isRoot(), albums));
        return albums;
    }

    private static void judge(List<FileRow> tracks, boolean alone, Map<Long, AlbumFields> albums) {
        Function<TrackTags, String> artists = alone && areNumberedApart(tracks)
                ? artistsOfOneAlbum(tracks.stream().map(FileRow::tags).toList())
                : AlbumFields::artistAlone;
        Map<String, List<FileRow>> byArtist = new LinkedHashMap<>();
        for (FileRow track : tracks) {
            byArtist.computeIfAbsent(folded(artists.apply(track.tags())), artist -> new ArrayList<>())
                    .add(track);
        }
        for (List<FileRow> album : byArtist.values()) {
            List<TrackTags> tags = album.stream().map(FileRow::tags).toList();
            int year = year(tags);
            boolean severalDiscs = tags.stream().anyMatch(AlbumFields::saysSeveralDiscs);
            for (FileRow track : album) {
                albums.put(track.id(), new AlbumFields(artists.apply(track.tags()), year, severalDiscs));
            }
        }
    }

    private static boolean areNumberedApart(List<FileRow> tracks) {
        Set<Slot> numbers = new HashSet<>();
        return tracks.stream()
                .map(FileRow::tags)
                .allMatch(tags -> tags.track() > 0 && numbers.add(new Slot(tags.format(), tags.disc(), tags.track())));
    }

    private static Function<TrackTags, String> artistsOfOneAlbum(List<TrackTags> tracks) {
        Set<String> said = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        Set<String> artists = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (TrackTags track : tracks) {
            if (track.albumArtist().isBlank()) {
                artists.add(track.artist().strip());
            } else {
                said.add(track.albumArtist().strip());
            }
        }
        artists.remove("");
        boolean compilation = tracks.stream().anyMatch(TrackTags::compilation);
        String common;
        if (said.size() == 1) {
            common = said.iterator().next();
        } else if (!said.isEmpty() || artists.isEmpty()) {
            return AlbumFields::artistAlone;
        } else {
            common = compilation ? AlbumFields.VARIOUS_ARTISTS : leader(artists).orElse(AlbumFields.VARIOUS_ARTISTS);
        }
        return tags -> tags.albumArtist().isBlank() ? common : tags.albumArtist();
    }

    /** The one that all others are, with guests. */
    private static Optional<String> leader(Set<String> artists) {
        String shortest = artists.stream()
                .min((one, other) -> Integer.compare(one.length(), other.length()))
                .orElseThrow();
        boolean leads = artists.stream()
                .allMatch(artist -> artist.regionMatches(true, 0, shortest, 0, shortest.length())
                        && (artist.length() == shortest.length()
                                || GUESTS.matcher(artist.substring(shortest.length()))
                                        .matches()));
        return leads ? Optional.of(shortest) : Optional.empty();
    }

    private static int year(List<TrackTags> tracks) {
        Map<Integer, Integer> counts = new TreeMap<>();
        for (TrackTags track : tracks) {
            if (track.year() != 0) {
                counts.merge(track.year(), 1, Integer::sum);
            }
        }
        int year = 0;
        for (Map.Entry<Integer, Integer> each : counts.entrySet()) {
            if (each.getValue() >= counts.getOrDefault(year, 0)) {
                year = each.getKey();
            }
        }
        return year;
    }

    /** Empty when there were more before the batch. */
    private Optional<List<FileRow>> tracks(Scope scope) {
        return tracks.computeIfAbsent(scope, this::list);
    }

    private Optional<List<FileRow>> list(Scope scope) {
        List<Folder> folders = List.of(scope.folder());
        if (scope.discs()) {
            folders = files.below(scope.folder()).stream()
                    .filter(folder -> DiscFolder.is(folder.path()))
                    .toList();
        }
        if (folders.size() > MOST_DISCS) {
            return Optional.empty();
        }
        List<FileRow> all = new ArrayList<>();
        for (Folder folder : folders) {
            Optional<List<FileRow>> there = files.inUnlessMore(folder, MOST_TRACKS);
            if (there.isEmpty()) {
                return Optional.empty();
            }
            there.get().stream().filter(file -> file.kind() == FileKind.AUDIO).forEach(all::add);
        }
        return Optional.of(all);
    }

    private static String folded(String text) {
        return text.strip().toLowerCase(Locale.ROOT);
    }
}
