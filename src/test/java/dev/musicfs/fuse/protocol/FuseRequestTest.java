package dev.musicfs.fuse.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musicfs.failure.FailureKind;
import dev.musicfs.failure.MusicFsException;
import dev.musicfs.fuse.protocol.RequestBody.AccessIn;
import dev.musicfs.fuse.protocol.RequestBody.ForgetIn;
import dev.musicfs.fuse.protocol.RequestBody.GetattrIn;
import dev.musicfs.fuse.protocol.RequestBody.GetxattrIn;
import dev.musicfs.fuse.protocol.RequestBody.HandleIn;
import dev.musicfs.fuse.protocol.RequestBody.InitIn;
import dev.musicfs.fuse.protocol.RequestBody.MkdirIn;
import dev.musicfs.fuse.protocol.RequestBody.MknodIn;
import dev.musicfs.fuse.protocol.RequestBody.OpenIn;
import dev.musicfs.fuse.protocol.RequestBody.ReadIn;
import dev.musicfs.fuse.protocol.RequestBody.RenameIn;
import dev.musicfs.fuse.protocol.RequestBody.SetattrIn;
import dev.musicfs.fuse.protocol.RequestBody.StatxIn;
import dev.musicfs.testkit.Trials;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FuseRequestTest {
    @Test
    void readsWhatLinuxSends() {
        // Each recorded from Linux 6.18 (protocol 7.45), asked by root, pids made alike.
        FuseRequest init =
                recorded("680000001a000000 0200000000000000 0000000000000000 000000000000000000000000 00000000"
                        + "070000002d00000000000200fbffff73fd050000"
                        + "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000");
        assertThat(init.initIn()).isEqualTo(new InitIn(7, 45, 131072, 0x5FD_73FFFFFBL));
        FuseRequest lookup =
                recorded("2f00000001000000 0a00000000000000 0100000000000000 000000000000000090430000 00000000"
                        + "426ac3b6726b00");
        assertThat(lookup.opcode()).isEqualTo(Opcode.LOOKUP);
        assertThat(lookup.unique()).isEqualTo(10);
        assertThat(lookup.nodeid()).isEqualTo(1);
        assertThat(lookup.pid()).isEqualTo(17296);
        assertThat(lookup.name()).isEqualTo(bytes("Björk"));
        assertThat(lookup).hasToString("LOOKUP 10 of node 1");
        FuseRequest statx =
                recorded("4000000034000000 0e00000000000000 0200000000000000 000000000000000091430000 00000000"
                        + "0000000000000000 0000000000000000 00000000ff0f0000");
        assertThat(statx.statxIn()).isEqualTo(new StatxIn(false, 0, 0xFFF));
        FuseRequest getattr =
                recorded("3800000003000000 0400000000000000 0100000000000000 00000000000000008f430000 00000000"
                        + "0000000000000000 0000000000000000");
        assertThat(getattr.getattrIn()).isEqualTo(new GetattrIn(false, 0));
        FuseRequest open =
                recorded("300000000e000000 1600000000000000 0200000000000000 000000000000000092430000 00000000"
                        + "0080000000000000");
        assertThat(open.openIn()).isEqualTo(new OpenIn(0100000));
        assertThat(open.openIn().wantsToWrite()).isFalse();
        FuseRequest read =
                recorded("500000000f000000 1c00000000000000 0200000000000000 000000000000000092430000 00000000"
                        + "4d00000000000000 0000000000000000 0010000000000000 0000000000000000 0080000000000000");
        assertThat(read.readIn()).isEqualTo(new ReadIn(77, 0, 4096, 0100000));
        FuseRequest plus =
                recorded("500000002c000000 2e00000000000000 0100000000000000 000000000000000093430000 00000000"
                        + "4d00000000000000 0000000000000000 0080000000000000 0000000000000000 0088010000000000");
        assertThat(plus.readIn()).isEqualTo(new ReadIn(77, 0, 32768, 0x18800));
        FuseRequest release =
                recorded("4000000012000000 2200000000000000 0200000000000000 000000000000000000000000 00000000"
                        + "4d00000000000000 0080000000000000 0000000000000000");
        assertThat(release.handleIn()).isEqualTo(new HandleIn(77));
        FuseRequest getxattr =
                recorded("4100000016000000 2800000000000000 0100000000000000 000000000000000093430000 00000000"
                        + "ff00000000000000 73656375726974792e73656c696e757800");
        assertThat(getxattr.getxattrIn()).isEqualTo(new GetxattrIn(255));
        assertThat(getxattr.name()).isEqualTo(bytes("security.selinux"));
        FuseRequest rename =
                recorded("3c0000002d000000 3800000000000000 0100000000000000 000000000000000094430000 00000000"
                        + "0100000000000000 0100000000000000 66006700");
        assertThat(rename.renameIn()).isEqualTo(new RenameIn(1, 1)); // mv(1) replaces nothing: RENAME_NOREPLACE
        assertThat(rename.name()).isEqualTo(bytes("f"));
        assertThat(rename.secondName()).isEqualTo(bytes("g"));
        FuseRequest mknod =
                recorded("3a00000008000000 7000000000000000 0100000000000000 00000000000000008f430000 00000000"
                        + "a411000000000000 1200000000000000 6800");
        assertThat(mknod.mknodIn()).isEqualTo(new MknodIn(010644, 0));
        assertThat(mknod.name()).isEqualTo(bytes("h"));
        FuseRequest mkdir =
                recorded("3200000009000000 3e00000000000000 0100000000000000 000000000000000095430000 00000000"
                        + "ed01000012000000 6500");
        assertThat(mkdir.mkdirIn()).isEqualTo(new MkdirIn(0755));
        FuseRequest truncate =
                recorded("8000000004000000 4600000000000000 0200000000000000 000000000000000096430000 00000000"
                        + "4802000000000000 4d00000000000000 0500000000000000 14899658ceedb064"
                        + "0000000000000000 0000000000000000 0000000000000000"
                        + "00000000000000000000000000000000 00000000000000000000000000000000");
        assertThat(truncate.setattrIn().has(SetattrIn.FATTR_SIZE | SetattrIn.FATTR_FH))
                .isTrue();
        assertThat(truncate.setattrIn().sizeBytes()).isEqualTo(5);
        FuseRequest listxattr =
                recorded("3000000017000000 5a00000000000000 0200000000000000 000000000000000098430000 00000000"
                        + "0000000000000000");
        assertThat(listxattr.getxattrIn()).isEqualTo(new GetxattrIn(0));
        FuseRequest access =
                recorded("3000000022000000 0600000000000000 0100000000000000 00000000000000008f430000 00000000"
                        + "0100000000000000");
        assertThat(access.accessIn()).isEqualTo(new AccessIn(1));
    }

    @Test
    void readsInitOfEveryLength() {
        long offered = 1L << 39 | Negotiation.FUSE_INIT_EXT | Negotiation.FUSE_ASYNC_READ;
        ByteBuffer old = body(16).putInt(7).putInt(12).putInt(131072).putInt((int) offered);
        assertThat(of(Opcode.INIT, old).initIn()).isEqualTo(new InitIn(7, 12, 131072, (int) offered));
        ByteBuffer recent = body(64).putInt(7)
                .putInt(45)
                .putInt(131072)
                .putInt((int) offered)
                .putInt((int) (offered >>> 32));
        assertThat(of(Opcode.INIT, recent).initIn()).isEqualTo(new InitIn(7, 45, 131072, offered));
        recent.putInt(12, 1); // without INIT_EXT the upper half means nothing
        assertThat(of(Opcode.INIT, recent).initIn().flags()).isEqualTo(1);
    }

    @Test
    void readsGetattrOfAPathAndOfAnOpenFile() {
        assertThat(of(Opcode.GETATTR, body(0)).getattrIn()).isEqualTo(new GetattrIn(false, 0)); // before 7.9
        assertThat(of(Opcode.GETATTR, body(16).putInt(0).putInt(0).putLong(7)).getattrIn())
                .isEqualTo(new GetattrIn(false, 0));
        assertThat(of(Opcode.GETATTR, body(16).putInt(1).putInt(0).putLong(7)).getattrIn())
                .isEqualTo(new GetattrIn(true, 7));
    }

    @Test
    void readsReadsOfEveryLength() {
        ByteBuffer old = body(24).putLong(5).putLong(1L << 40).putInt(4096);
        assertThat(of(Opcode.READ, old).readIn()).isEqualTo(new ReadIn(5, 1L << 40, 4096, 0));
        ByteBuffer recent =
                body(40).putLong(5).putLong(3).putInt(4096).putInt(0).putLong(0).putInt(040000);
        assertThat(of(Opcode.READ, recent).readIn()).isEqualTo(new ReadIn(5, 3, 4096, 040000));
        ByteBuffer cookie = body(40).putLong(5).putLong(-2).putInt(4096);
        assertThat(of(Opcode.READDIRPLUS, cookie).readIn().offset()).isEqualTo(-2);
    }

    @Test
    void readsBothNamesAndWhereTheSecondGoes() {
        FuseRequest rename = of(Opcode.RENAME, body(8 + 5).putLong(9).put(bytes("ab\0c\0")));
        assertThat(rename.renameIn()).isEqualTo(new RenameIn(9, 0));
        assertThat(rename.name()).isEqualTo(bytes("ab"));
        assertThat(rename.secondName()).isEqualTo(bytes("c"));
        FuseRequest rename2 =
                of(Opcode.RENAME2, body(16 + 2).putLong(9).putInt(2).putInt(0).put(bytes("\0\0")));
        assertThat(rename2.renameIn()).isEqualTo(new RenameIn(9, 2));
        assertThat(rename2.name()).isEmpty();
        assertThat(rename2.secondName()).isEmpty();
    }

    @Test
    void readsNamesThatAreNoText() {
        byte[] name = {'a', (byte) 0xFF, (byte) 0xC3, 10};
        assertThat(of(Opcode.LOOKUP, body(5).put(name)).name()).isEqualTo(name);
    }

    @Test
    void readsChangesOfAttributes() {
        ByteBuffer body = body(88);
        body.putInt(0, SetattrIn.FATTR_SIZE | SetattrIn.FATTR_FH | SetattrIn.FATTR_MTIME)
                .putLong(8, 77)
                .putLong(16, 1234)
                .putLong(40, 5)
                .putInt(60, 6)
                .putInt(68, 0100644)
                .putInt(76, 1000)
                .putInt(80, 1001);
        SetattrIn in = of(Opcode.SETATTR, body).setattrIn();
        assertThat(in).isEqualTo(new SetattrIn(0x68, 77, 1234, 0, 5_000_000_006L, 0100644, 1000, 1001));
        assertThat(in.has(SetattrIn.FATTR_SIZE | SetattrIn.FATTR_FH)).isTrue();
        assertThat(in.has(SetattrIn.FATTR_SIZE | SetattrIn.FATTR_MODE)).isFalse();
    }

    @Test
    void readsWhatIsForgottenOneByOneAndInBatches() {
        assertThat(of(Opcode.FORGET, body(8).putLong(3)).forgets()).containsExactly(new ForgetIn(1, 3));
        ByteBuffer batch =
                body(40).putInt(2).putInt(0).putLong(5).putLong(6).putLong(7).putLong(8);
        assertThat(of(Opcode.BATCH_FORGET, batch).forgets()).containsExactly(new ForgetIn(5, 6), new ForgetIn(7, 8));
        for (int count : List.of(3, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 1 << 28)) {
            assertMalformed(bytesOf(Opcode.BATCH_FORGET, batch.putInt(0, count)));
        }
    }

    @Test
    void extensionsAtTheEndAreNoPartOfIt() {
        byte[] bytes = bytesOf(Opcode.LOOKUP, body(10).put(bytes("a\0")));
        ordered(bytes).putShort(36, (short) 1);
        assertThat(decode(bytes).name()).isEqualTo(bytes("a"));
        ordered(bytes).putShort(36, (short) 2);
        assertMalformed(bytes);
        byte[] unended = bytesOf(Opcode.LOOKUP, body(10).put(bytes("ab")));
        ordered(unended).putShort(36, (short) 1); // the NUL is in the extension
        assertMalformed(unended);
    }

    @ParameterizedTest
    @EnumSource(Opcode.class)
    void whateverIsCutOffIsMissed(Opcode opcode) {
        byte[] names = new byte[2 * opcode.names()];
        for (int i = 0; i < names.length; i += 2) {
            names[i] = 'n';
        }
        byte[] whole = bytesOf(opcode, body(opcode.bodyBytes() + names.length).put(opcode.bodyBytes(), names));
        assertThat(decode(whole).opcode()).isEqualTo(opcode);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertMalformed(cut);
            if (length >= FuseRequest.HEADER_BYTES) {
                ordered(cut).putInt(0, length);
                assertMalformed(cut);
            }
        }
        assertMalformed(Arrays.copyOf(whole, whole.length + 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 19, 48, 49, 53, 64, 4096, -1, Integer.MIN_VALUE})
    void anUnknownOpcodeIsNoErrorHere(int number) {
        byte[] bytes = bytesOf(Opcode.STATFS, body(8));
        ordered(bytes).putInt(4, number);
        FuseRequest request = decode(bytes);
        assertThat(request.opcodeOrNull()).isNull();
        assertThat(request.opcodeNumber()).isEqualTo(number);
        assertThatThrownBy(request::opcode).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatAnotherKindConsistsOfIsNotRead() {
        FuseRequest statfs = of(Opcode.STATFS, body(100));
        assertThatThrownBy(statfs::name).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(statfs::readIn).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(of(Opcode.LOOKUP, body(2))::secondName).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void numbersThatNoReaderAsksForAreRefused() {
        assertMalformed(bytesOf(Opcode.READ, body(40).putLong(1).putLong(-1).putInt(10)));
        assertMalformed(bytesOf(Opcode.READ, body(40).putLong(1).putLong(1).putInt(-10)));
        assertMalformed(bytesOf(Opcode.READDIR, body(40).putLong(1).putLong(1).putInt(-10)));
        assertMalformed(bytesOf(Opcode.GETXATTR, body(10).putInt(-1)));
    }

    @Test
    void whateverComesIsDecodedOrRefused() {
        Trials.check(20_000, draw -> {
            byte[] bytes = new byte[draw.number(0, 120)];
            new Random(draw.anyLong()).nextBytes(bytes);
            if (bytes.length >= FuseRequest.HEADER_BYTES) {
                ordered(bytes)
                        .putInt(0, bytes.length)
                        .putInt(4, draw.number(0, 60))
                        .putShort(36, (short) 0);
            }
            try {
                FuseRequest request = decode(bytes);
                assertThat(request.toString()).isNotEmpty();
            } catch (MusicFsException e) {
                assertThat(e.kind()).isEqualTo(FailureKind.INVALID);
            }
        });
    }

    private static FuseRequest recorded(String hex) {
        return decode(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static FuseRequest of(Opcode opcode, ByteBuffer body) {
        return decode(bytesOf(opcode, body));
    }

    private static byte[] bytesOf(Opcode opcode, ByteBuffer body) {
        ByteBuffer bytes =
                ByteBuffer.allocate(FuseRequest.HEADER_BYTES + body.capacity()).order(ByteOrder.nativeOrder());
        bytes.putInt(bytes.capacity()).putInt(opcode.number()).putLong(2).putLong(1);
        bytes.put(FuseRequest.HEADER_BYTES, body, 0, body.capacity());
        return bytes.array();
    }

    private static FuseRequest decode(byte[] bytes) {
        // As in the loop, where older requests lie behind the end of this one.
        byte[] room = Arrays.copyOf(bytes, 200);
        Arrays.fill(room, bytes.length, room.length, (byte) 0);
        return FuseRequest.decode(ByteBuffer.wrap(room), bytes.length);
    }

    private static void assertMalformed(byte[] bytes) {
        assertThatThrownBy(() -> decode(bytes))
                .as(HexFormat.of().formatHex(bytes))
                .isInstanceOfSatisfying(
                        MusicFsException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID));
    }

    private static ByteBuffer ordered(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    private static ByteBuffer body(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
