package dev.musicfs.content.fetch;

import static dev.musicfs.content.fetch.WrongBytes.Verdict.ASK_AGAIN;
import static dev.musicfs.content.fetch.WrongBytes.Verdict.FILE_CHANGED;
import static dev.musicfs.content.fetch.WrongBytes.Verdict.NOBODY_IS_RIGHT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musicfs.model.ChunkId;
import dev.musicfs.model.FileVersion;
import dev.musicfs.model.OriginId;
import dev.musicfs.model.RealPath;
import dev.musicfs.origin.Copy;
import java.nio.ByteBuffer;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WrongBytesTest {
    private final Copy leader = copy("first");
    private final Copy second = copy("second");
    private final Copy third = copy("third");
    private final ChunkId one = address(1);
    private final ChunkId other = address(2);
    private final WrongBytes wrong = new WrongBytes();

    private static Copy copy(String origin) {
        return Copy.whole(new OriginId(origin), new RealPath("a.flac"), new FileVersion(1, 1, ""));
    }

    private static ChunkId address(int content) {
        return ChunkId.of(ByteBuffer.wrap(new byte[] {(byte) content}));
    }

    private WrongBytes.Verdict came(ChunkId address, Copy... by) {
        return wrong.came(address, Set.of(by), leader, 3);
    }

    @Test
    void theFileThatGivesThemTwiceHasChanged() {
        assertThat(came(one, leader)).isEqualTo(ASK_AGAIN);
        assertThat(came(one, leader)).isEqualTo(FILE_CHANGED);
    }

    @Test
    void twoCopiesThatAgreeSayThatTheFileHasChanged() {
        assertThat(came(one, second)).isEqualTo(ASK_AGAIN);
        assertThat(came(one, third)).isEqualTo(FILE_CHANGED);
    }

    @Test
    void aCopyThatOnlyAgreesWithItselfProvesNothing() {
        assertThat(came(one, second)).isEqualTo(ASK_AGAIN);
        assertThat(came(one, second)).isEqualTo(NOBODY_IS_RIGHT);
    }

    @Test
    void piecesOfTwoCopiesThatComeTwiceTogetherAreTheFiles() {
        assertThat(came(one, second, third)).isEqualTo(ASK_AGAIN);
        assertThat(came(one, second, third)).isEqualTo(FILE_CHANGED);
    }

    @Test
    void whenEachCopyGivesOtherBytesNobodyIsRightOnceAllHaveBeenAsked() {
        assertThat(came(one, leader)).isEqualTo(ASK_AGAIN);
        assertThat(came(other, second)).isEqualTo(ASK_AGAIN);
        assertThat(came(address(3), third)).isEqualTo(ASK_AGAIN);
        assertThat(came(address(4), leader)).isEqualTo(NOBODY_IS_RIGHT);
    }
}
