package dev.musicfs.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.model.ByteRange;
import dev.musicfs.model.TrackTags;
import java.nio.ByteBuffer;

/** Tags read from bytes through {@link TagReader#step}, fetching nothing but what it asks for. */
final class TagRun {
    private final TrackTags tags;
    private final int needs;
    private final long fetchedBytes;

    private TagRun(TrackTags tags, int needs, long fetchedBytes) {
        this.tags = tags;
        this.needs = needs;
        this.fetchedBytes = fetchedBytes;
    }

    TrackTags tags() {
        return tags;
    }

    int needs() {
        return needs;
    }

    long fetchedBytes() {
        return fetchedBytes;
    }

    static TrackTags tagsOf(byte[] file, String extension) {
        return of(file, extension, TagCharset.GUESSED).tags;
    }

    static TagRun of(byte[] file, String extension, TagCharset charset) {
        TagReader reader = new TagReader(charset.fallback());
        FetchedRanges known = new FetchedRanges(file.length);
        long fetched = 0;
        for (int needs = 0; ; needs++) {
            assertThat(needs).isLessThanOrEqualTo(FetchedRanges.MAX_NEEDS);
            TagStep step = reader.step(known, extension);
            if (step instanceof TagStep.Done done) {
                return new TagRun(done.tags(), needs, fetched);
            }
            ByteRange range = ((TagStep.Needs) step).range();
            assertThat(range.length()).isBetween(1L, 256L << 10);
            assertThat(known.firstKnown(range.offset(), range.end())).isEqualTo(range.end());
            known.add(range.offset(), ByteBuffer.wrap(file, (int) range.offset(), (int) range.length()));
            fetched += range.length();
        }
    }
}
