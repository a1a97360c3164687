/** The people at the demo company: one for each role, and one whose role the product does not know. */

const user = (id, name, role, note = "") => ({ id, name, role, note, email: `${id}@acme.example` });

export const USERS = [
  user("ada", "Ada Brenner", "account_administrator"),
  user("dev", "Dev Okafor", "developer"),
  user("mia", "Mia Larsson", "media_library_full_access"),
  user("viktor", "Viktor Novák", "media_library_view_only_access"),
  user("rene", "René Dubois", "media_library_restricted_access"),
  user("fiona", "Fiona O’Neill", "finance"),
  user("gus", "Gus Teller", "guest", "not a role of the product: refused"),
];

/** The claims the Worker reads by default. */
export const claims = (user, account) => ({ account_id: account, full_name: user.name, role: user.role });
