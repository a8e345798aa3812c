package dev.musicfs.catalog;

import dev.musicfs.model.AudioLayout;
import dev.musicfs.model.ByteRange;
import io.vertx.sqlclient.Tuple;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The columns that hold an {@link AudioLayout}, in every table that has one. */
final class LayoutColumns {
    static final String NAMES = "audio_start, audio_end, pictures, stream_hash";
    static final int COUNT = 4;

    private static final int PICTURE_BYTES = 2 * Long.BYTES;

    private LayoutColumns() {}

    /** The layout whose first column is this one; what contradicts itself is an {@link IllegalArgumentException}. */
    static AudioLayout read(ResultSet row, int first) throws SQLException {
        return new AudioLayout(
                row.getLong(first),
                row.getLong(first + 1),
                pictures(ByteBuffer.wrap(row.getBytes(first + 2))),
                row.getString(first + 3));
    }

    static Tuple add(Tuple tuple, AudioLayout layout) {
        return tuple.addValue(layout.audioStart())
                .addValue(layout.audioEnd())
                .addValue(bytes(layout.pictures()))
                .addValue(layout.streamHash());
    }

    private static List<ByteRange> pictures(ByteBuffer bytes) {
        List<ByteRange> pictures = new ArrayList<>(bytes.capacity() / PICTURE_BYTES);
        while (bytes.remaining() >= PICTURE_BYTES) {
            pictures.add(new ByteRange(bytes.getLong(), bytes.getLong()));
        }
        return pictures;
    }

    private static byte[] bytes(List<ByteRange> pictures) {
        ByteBuffer bytes = ByteBuffer.allocate(pictures.size() * PICTURE_BYTES);
        pictures.forEach(picture -> bytes.putLong(picture.offset()).putLong(picture.length()));
        return bytes.array();
    }
}
