/** The first page: the inbox for an operator, the own account for a customer, the accounts for everybody else. */
import { Redirect } from 'wouter';
import { useSession } from '../../session/session.tsx';

const Home = () => {
  const { accounts, may } = useSession();
  if (accounts === null) return <Redirect to={may('operate') ? '/inbox' : '/accounts'} replace />;
  const [own] = accounts;
  const path =
    accounts.length === 1 && own !== undefined ? `/accounts/${encodeURIComponent(own)}` : '/accounts';
  return <Redirect to={path} replace />;
};

export default Home;
