package dev.musicfs.content.fetch;

import dev.musicfs.model.OriginId;
import java.time.Duration;

/** Lets a test say how an origin has answered so far. */
public final class FetchSizes {
    private FetchSizes() {}

    public static void failed(Pipeline pipeline, OriginId origin) {
        pipeline.shareOf(origin).fetchSize().failed();
    }

    public static void answered(Pipeline pipeline, OriginId origin, int length, Duration after) {
        pipeline.shareOf(origin).fetchSize().answered(length, after);
    }
}
