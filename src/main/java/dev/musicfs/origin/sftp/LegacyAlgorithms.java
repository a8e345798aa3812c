package dev.musicfs.origin.sftp;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.mac.BuiltinMacs;
import org.apache.sshd.common.signature.BuiltinSignatures;

/**
 * What servers of around 2010 have and newer clients no longer offer. Offered after everything else: as the client's order
 * decides, a server that knows anything better never uses them.
 */
@SuppressWarnings("deprecation") // which is the point of them
final class LegacyAlgorithms {
    private static final List<BuiltinDHFactories> EXCHANGES =
            List.of(BuiltinDHFactories.dhgex, BuiltinDHFactories.dhg14, BuiltinDHFactories.dhg1);
    private static final List<BuiltinCiphers> CIPHERS = List.of(
            BuiltinCiphers.aes128cbc, BuiltinCiphers.aes192cbc, BuiltinCiphers.aes256cbc, BuiltinCiphers.tripledescbc);
    private static final List<BuiltinMacs> MACS =
            List.of(BuiltinMacs.hmacsha1, BuiltinMacs.hmacsha196, BuiltinMacs.hmacmd5, BuiltinMacs.hmacmd596);
    private static final List<BuiltinSignatures> SIGNATURES = List.of(BuiltinSignatures.rsa, BuiltinSignatures.dsa);
    // SHA-1 of a MAC is no weakness that is known.
    private static final Set<String> WEAK = Stream.of(EXCHANGES, CIPHERS, SIGNATURES)
            .flatMap(List::stream)
            .map(NamedResource::getName)
            .collect(Collectors.toUnmodifiableSet());

    private LegacyAlgorithms() {}

    /** Whether an algorithm that was agreed on is one of these and weak. */
    static boolean contain(String name) {
        return WEAK.contains(name) || name.startsWith("hmac-md5");
    }

    /** To be called before the client is started. */
    static void addTo(SshClient client) {
        client.setKeyExchangeFactories(with(
                client.getKeyExchangeFactories(),
                NamedFactory.setUpTransformedFactories(true, EXCHANGES, ClientBuilder.DH2KEX)));
        client.setCipherFactories(with(client.getCipherFactories(), NamedFactory.setUpBuiltinFactories(true, CIPHERS)));
        client.setMacFactories(with(client.getMacFactories(), NamedFactory.setUpBuiltinFactories(true, MACS)));
        client.setSignatureFactories(
                with(client.getSignatureFactories(), NamedFactory.setUpBuiltinFactories(true, SIGNATURES)));
    }

    private static <F extends NamedResource> List<F> with(List<F> first, List<? extends F> last) {
        List<F> all = new ArrayList<>(first);
        last.stream()
                .filter(each -> all.stream().noneMatch(known -> known.getName().equals(each.getName())))
                .forEach(all::add);
        return all;
    }
}
