package dev.musicfs.testkit;

import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a mount has to show of the {@linkplain TestAudio#library sampler}, by what the sampler is: tests that learn this
 * from the mount would believe whatever it shows.
 */
public final class Sampler {
    /** Path in the mount by path in the library; everything else in it is not shown. */
    private static final Map<String, String> SHOWN = Map.ofEntries(
            Map.entry(
                    "DJ 🎧 Emoji/🎉 Party 🎉/01 👩‍👩‍👧 Family.mp3",
                    "DJ 🎧 Emoji/🎉 Party 🎉 (2020) [MP3]/01 - 👩‍👩‍👧 Family.mp3"),
            Map.entry(
                    "DJ 🎧 Emoji/🎉 Party 🎉/02 🇯🇵 Flag.mp3",
                    "DJ 🎧 Emoji/🎉 Party 🎉 (2020) [MP3]/02 - 🇯🇵 Flag.mp3"),
            Map.entry(
                    "Northern Lights/First Snow/01 Dawn.flac",
                    "Northern Lights/First Snow (1999) [FLAC]/01 - Dawn.flac"),
            Map.entry(
                    "Northern Lights/First Snow/02 Glass Lake.flac",
                    "Northern Lights/First Snow (1999) [FLAC]/02 - Glass Lake.flac"),
            Map.entry(
                    "Northern Lights/First Snow/03 Long Shadows.flac",
                    "Northern Lights/First Snow (1999) [FLAC]/03 - Long Shadows.flac"),
            Map.entry(
                    "Northern Lights/First Snow/04 Ember _ Ash.flac",
                    "Northern Lights/First Snow (1999) [FLAC]/04 - Ember _ Ash.flac"),
            Map.entry("Northern Lights/First Snow/cover.jpg", "Northern Lights/First Snow (1999) [FLAC]/cover.jpg"),
            Map.entry(
                    "Northern Lights/Second Thaw/01 Meltwater.mp3",
                    "Northern Lights/Second Thaw (2003) [MP3]/01 - Meltwater.mp3"),
            Map.entry(
                    "Northern Lights/Second Thaw/02 Rivers.mp3",
                    "Northern Lights/Second Thaw (2003) [MP3]/02 - Rivers.mp3"),
            Map.entry(
                    "Northern Lights/Second Thaw/03 Delta.mp3",
                    "Northern Lights/Second Thaw (2003) [MP3]/03 - Delta.mp3"),
            Map.entry("Northern Lights/Second Thaw/Folder.PNG", "Northern Lights/Second Thaw (2003) [MP3]/cover.png"),
            Map.entry("Summer Mix/01.flac", "Various Artists/Summer Mix (2005) [FLAC]/01 - Beach.flac"),
            Map.entry("Summer Mix/02.mp3", "Various Artists/Summer Mix (2005) [MP3]/02 - Sun.mp3"),
            Map.entry("Summer Mix/03.m4a", "Various Artists/Summer Mix (2005) [M4A]/03 - Sea.m4a"),
            Map.entry("Summer Mix/04.ogg", "Various Artists/Summer Mix (2005) [OGG]/04 - Ice Cream.ogg"),
            Map.entry("Tape Archive/Formats/one.wav", "Tape Archive/Formats (1994) [WAV]/01 - Wave.wav"),
            Map.entry("Tape Archive/Formats/two.aiff", "Tape Archive/Formats (1994) [AIFF]/02 - Aiff.aiff"),
            Map.entry("Tape Archive/Formats/three.wv", "Tape Archive/Formats (1994) [WV]/03 - Packed.wv"),
            Map.entry("Tape Archive/Formats/four.wma", "Tape Archive/Formats (1994) [WMA]/04 - Windows.wma"),
            Map.entry(
                    "granite/stones cd1/1.flac",
                    "The Granite Choir/Collected Stones (1987) [FLAC]/1-01 - Stone 1.1.flac"),
            Map.entry(
                    "granite/stones cd1/2.flac",
                    "The Granite Choir/Collected Stones (1987) [FLAC]/1-02 - Stone 1.2.flac"),
            Map.entry(
                    "granite/stones cd1/3.flac",
                    "The Granite Choir/Collected Stones (1987) [FLAC]/1-03 - Stone 1.3.flac"),
            Map.entry(
                    "granite/stones cd2/1.flac",
                    "The Granite Choir/Collected Stones (1987) [FLAC]/2-01 - Stone 2.1.flac"),
            Map.entry(
                    "granite/stones cd2/2.flac",
                    "The Granite Choir/Collected Stones (1987) [FLAC]/2-02 - Stone 2.2.flac"),
            Map.entry("unsorted/corrupt.flac", "Unknown Artist/unsorted [FLAC]/corrupt.flac"),
            Map.entry("unsorted/untagged.mp3", "Unknown Artist/unsorted [MP3]/untagged.mp3"),
            Map.entry(
                    "Полярная Звезда/Белая ночь/01 Ёлка.ogg", "Полярная Звезда/Белая ночь (2011) [OGG]/01 - Ёлка.ogg"),
            Map.entry(
                    "Полярная Звезда/Белая ночь/02 Мосты.ogg",
                    "Полярная Звезда/Белая ночь (2011) [OGG]/02 - Мосты.ogg"),
            Map.entry(
                    "Полярная Звезда/Белая ночь/03 Река.ogg", "Полярная Звезда/Белая ночь (2011) [OGG]/03 - Река.ogg"),
            Map.entry("東京ノイズ/夜明け/01 始発.opus", "東京ノイズ/夜明け (2018) [OPUS]/01 - 始発.opus"),
            Map.entry("東京ノイズ/夜明け/02 ビル風.opus", "東京ノイズ/夜明け (2018) [OPUS]/02 - ビル風.opus"),
            Map.entry("فرقة النور/أغاني الليل/01 قمر.m4a", "فرقة النور/أغاني الليل (1975) [M4A]/01 - قمر.m4a"),
            Map.entry("فرقة النور/أغاني الليل/02 نهر.m4a", "فرقة النور/أغاني الليل (1975) [M4A]/02 - نهر.m4a"));

    private Sampler() {}

    /** The original of each file by its path in the mount, of a library in this directory. */
    public static SortedMap<String, Path> originals(Path library) {
        SortedMap<String, Path> originals = new TreeMap<>();
        SHOWN.forEach((original, shown) -> originals.put(shown, library.resolve(original)));
        return originals;
    }

    /** The SHA-256 of each original by its path in the mount, of a library in this directory. */
    public static SortedMap<String, String> hashes(Path library) {
        SortedMap<String, String> hashes = new TreeMap<>();
        originals(library).forEach((shown, original) -> hashes.put(shown, Trees.sha256(original)));
        return hashes;
    }
}
