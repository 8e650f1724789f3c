/** The first page: the inbox for an operator, the overview for one who reads all accounts, a customer's own account. */
import { Redirect } from 'wouter';
import { useSession } from '../../session/session.tsx';

const Home = () => {
  const { accounts, may } = useSession();
  if (accounts === null) return <Redirect to={may('operate') ? '/inbox' : '/overview'} replace />;
  const [own] = accounts;
  const path =
    accounts.length === 1 && own !== undefined ? `/accounts/${encodeURIComponent(own)}` : '/accounts';
  return <Redirect to={path} replace />;
};

export default Home;
