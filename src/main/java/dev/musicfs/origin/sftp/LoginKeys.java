package dev.musicfs.origin.sftp;

import java.io.Closeable;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.sshd.agent.SshAgent;
import org.apache.sshd.agent.SshAgentFactory;
import org.apache.sshd.client.auth.pubkey.KeyAgentIdentity;
import org.apache.sshd.client.auth.pubkey.KeyPairIdentity;
import org.apache.sshd.client.auth.pubkey.PublicKeyIdentity;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKey;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.signature.SignatureFactoriesManager;
import org.jspecify.annotations.Nullable;

/**
 * The keys in the order in which a server is shown them: those of files before those of the agent. MINA's own order is the
 * other way round, and servers take only some tries (OpenSSH six), which an agent with many keys uses up.
 */
final class LoginKeys implements Iterator<PublicKeyIdentity>, Closeable {
    private static final List<NamedFactory<Signature>> SHA1 = List.of(BuiltinSignatures.rsa);

    private final @Nullable SshAgent agent;
    private final Iterator<PublicKeyIdentity> keys;

    private LoginKeys(ClientSession session, SignatureFactoriesManager signatures, boolean legacy)
            throws IOException, GeneralSecurityException {
        List<PublicKeyIdentity> inOrder = new ArrayList<>();
        List<PublicKey> known = new ArrayList<>();
        for (KeyPair key : ClientSession.providerOf(session).loadKeys(session)) {
            inOrder.add(new KeyPairIdentity(signatures, session, key));
            known.add(key.getPublic());
        }
        // OpenSSH names all that it knows, whatever it takes, so MINA tries no other signature after the first was
        // refused.
        if (legacy) {
            for (KeyPair key : ClientSession.providerOf(session).loadKeys(session)) {
                if (KeyUtils.getKeyType(key.getPublic()).equals(KeyPairProvider.SSH_RSA)) {
                    inOrder.add(new KeyPairIdentity(new UserAuthPublicKeyFactory(SHA1), session, key));
                }
            }
        }
        SshAgentFactory factory = session.getFactoryManager().getAgentFactory();
        agent = factory == null ? null : factory.createClient(session, session.getFactoryManager());
        if (agent != null) {
            for (Map.Entry<PublicKey, String> each : agent.getIdentities()) {
                if (known.stream().noneMatch(key -> same(key, each.getKey()))) {
                    inOrder.add(new KeyAgentIdentity(agent, each.getKey(), each.getValue()));
                }
            }
        }
        keys = inOrder.iterator();
    }

    private static boolean same(PublicKey one, PublicKey other) {
        return one instanceof OpenSshCertificate == other instanceof OpenSshCertificate
                && KeyUtils.compareKeys(one, other);
    }

    @Override
    public boolean hasNext() {
        return keys.hasNext();
    }

    @Override
    public PublicKeyIdentity next() {
        return keys.next();
    }

    @Override
    public void close() throws IOException {
        if (agent != null) {
            agent.close();
        }
    }

    /** Makes MINA log in with keys in this order. */
    static final class Factory extends UserAuthPublicKeyFactory {
        private final boolean legacy;

        /** @param legacy whether RSA keys are shown with signatures over SHA-1 as well */
        Factory(List<NamedFactory<Signature>> signatures, boolean legacy) {
            super(signatures);
            this.legacy = legacy;
        }

        @Override
        public UserAuthPublicKey createUserAuth(ClientSession session) throws IOException {
            return new UserAuthPublicKey(getSignatureFactories()) {
                @Override
                protected Iterator<PublicKeyIdentity> createPublicKeyIterator(
                        ClientSession to, SignatureFactoriesManager manager) throws Exception {
                    return new LoginKeys(to, manager, legacy);
                }
            };
        }
    }
}
